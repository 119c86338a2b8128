import { goQuote } from "@hollowfleet/wire";
import { ApiError } from "../api-error.ts";
import { badRequest } from "../status-errors.ts";
import { jsonTypeName } from "./go-text.ts";
import { isMembers } from "./members.ts";

/** apiserver, pkg/endpoints/handlers/patch.go, maxJSONPatchOperations */
const maxOperations = 10_000;

const textMembers = ["op", "path", "from"] as const;

/**
 * The operations of a JSON patch, checked as the real server does before it looks at what they ask for.
 * @throws ApiError BadRequest, RequestEntityTooLarge
 */
export function readOperations(patch: unknown): readonly unknown[] {
  if (patch === null) return [];
  if (!Array.isArray(patch)) throw wrongType(jsonTypeName(patch), "value of type []handlers.jsonPatchOp");
  for (const operation of patch) checkTypes(operation);
  if (patch.length > maxOperations) {
    const most = `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`;
    throw new ApiError("RequestEntityTooLarge", `Request entity too large: ${most}`);
  }
  return patch;
}

function checkTypes(operation: unknown): void {
  if (operation === null) return;
  if (!isMembers(operation)) throw wrongType(jsonTypeName(operation), "value of type handlers.jsonPatchOp");
  for (const member of textMembers) {
    const value = operation[member];
    const isText = value === undefined || value === null || typeof value === "string";
    if (!isText) throw wrongType(jsonTypeName(value), `struct field jsonPatchOp.${member} of type string`);
  }
}

function wrongType(actual: string, expected: string): ApiError {
  return badRequest(`error decoding patch: json: cannot unmarshal ${actual} into Go ${expected}`);
}

/** `unknown field "[0].foo"` for each member that operations do not have. */
export function unknownOperationFields(operations: readonly unknown[]): string[] {
  const known: ReadonlySet<string> = new Set([...textMembers, "value"]);
  return operations.flatMap((operation, i) =>
    unknownNames(operation, known).map((name) => `unknown field ${goQuote(`[${i}].${name}`)}`),
  );
}

function unknownNames(operation: unknown, known: ReadonlySet<string>): string[] {
  return isMembers(operation) ? Object.keys(operation).filter((name) => !known.has(name)) : [];
}
