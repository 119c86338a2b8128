import type { TypeSchema } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import { badRequest } from "../status-errors.ts";
import { unknownFields } from "./unknown-fields.ts";

/** What to do about members that a kind does not have and that stand twice; query parameter `fieldValidation`. */
export interface FieldValidation {
  /** Strict refuses them, Warn tells of each, Ignore drops them silently. Default Warn. */
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict";
  /** Takes the text of one header `Warning` each. */
  readonly warn?: (text: string) => void;
}

/**
 * Validates the fields of a JSON body of create or update. Protobuf bodies are not asked: they cannot have such members.
 * @param duplicates as `readJson` found them
 * @throws ApiError BadRequest for Strict (apiserver, pkg/endpoints/handlers/rest.go, transformDecodeError)
 */
export function validateFields(
  body: KubeObject,
  duplicates: readonly string[],
  schema: TypeSchema,
  { fieldValidation = "Warn", warn }: FieldValidation,
): void {
  if (fieldValidation === "Ignore") return;
  const faults = [...unknownFields(body, schema), ...duplicates];
  if (faults.length === 0) return;
  if (fieldValidation === "Warn") for (const fault of faults) warn?.(fault);
  else {
    const version = body.apiVersion.slice(body.apiVersion.indexOf("/") + 1);
    throw badRequest(
      `${body.kind} in version "${version}" cannot be handled as a ${body.kind}: ${strictDecodingText(faults)}`,
    );
  }
}

/** Several faults in one message (apimachinery, pkg/runtime/error.go, strictDecodingError). */
export function strictDecodingText(faults: readonly string[]): string {
  return `strict decoding error: ${faults.join(", ")}`;
}
