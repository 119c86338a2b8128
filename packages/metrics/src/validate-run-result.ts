import { readFileSync } from "node:fs";
import { MetricsError } from "./metrics-error.ts";
import { type RunResult, runSchemaVersion } from "./run-result.ts";

/** The JSON Schema of a run result, as it is published. */
export const runSchemaUrl: URL = new URL("../schema/run.schema.json", import.meta.url);

/**
 * What is wrong with a run result, as `/path message`; empty when it is valid. The validator is loaded on the first call
 * only: a run writes its result without it.
 */
export async function validateRunResult(value: unknown): Promise<string[]> {
  const { Ajv } = await import("ajv");
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
  const validate = ajv.compile(JSON.parse(readFileSync(runSchemaUrl, "utf8")));
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => {
    const detail = error.params["additionalProperty"] ?? error.params["allowedValues"] ?? error.params["allowedValue"];
    return `${error.instancePath || "/"} ${error.message}${detail === undefined ? "" : `: ${JSON.stringify(detail)}`}`;
  });
}

/** Reads a stored run result; throws `bad-result` with the first faults where it is none. */
export async function parseRunResult(text: string): Promise<RunResult> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badResult("not JSON", error);
  }
  const version = (value as { readonly schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== runSchemaVersion) {
    throw badResult(`its schemaVersion is ${JSON.stringify(version)}, expected "${runSchemaVersion}"`);
  }
  const faults = await validateRunResult(value);
  if (faults.length > 0) throw badResult(faults.slice(0, 3).join("; "));
  return value as RunResult;
}

function badResult(detail: string, cause?: unknown): MetricsError {
  return new MetricsError("bad-result", `not a run result: ${detail}`, { cause });
}
