import { CodecError } from "../codec-error.ts";

/**
 * The JSON of a value of no schema, without spaces as Go compacts it.
 * @throws CodecError `malformed` for nesting that no stack bears
 */
export function rawText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new CodecError("malformed", "json: exceeded max depth", { cause });
  }
}
