import { CodecError, goQuote, normalizeJson, schemaFor, type TypedObject, type TypeSchema } from "@hollowfleet/wire";
import { ApiError } from "../api-error.ts";
import type { KubeObject } from "../object.ts";
import { badRequest } from "../status-errors.ts";
import { type FieldValidation, strictDecodingText } from "./field-validation.ts";
import { goText, jsonTypeName } from "./go-text.ts";
import { JsonPatchError, jsonPatch } from "./json-patch.ts";
import { type JsonText, JsonTextError, readJson } from "./json-text.ts";
import { isMembers, type Members } from "./members.ts";
import { mergePatch } from "./merge-patch.ts";
import type { PatchType } from "./patch.ts";
import { readOperations, unknownOperationFields } from "./patch-operations.ts";
import { StrategicError } from "./strategic-error.ts";
import { strategicMergePatch } from "./strategic-merge-patch.ts";
import { unknownFields } from "./unknown-fields.ts";
import { unstructuredFault } from "./unstructured-fault.ts";

/**
 * Applies a patch of any kind to an object (apiserver, pkg/endpoints/handlers/patch.go). The result shares nothing with
 * `current`, which is not changed, and has the form in which the server stores and writes objects; it is not yet defaulted.
 * Whether its name and namespace are still those of the request is left to the caller.
 *
 * One answer differs from the real server's on purpose: a strategic merge patch that does not fit its object, such as an
 * element without its merge key, is answered with 422, not with 500, so that no client takes its own fault for the server's.
 *
 * @param schema of the kind of `current`
 * @throws ApiError BadRequest for what cannot be read; Invalid for what does not apply or leaves no object of the kind;
 *   RequestEntityTooLarge for too many operations; UnsupportedMediaType for server-side apply
 */
export function applyPatch(
  type: PatchType,
  current: KubeObject,
  patch: Uint8Array,
  schema: TypeSchema,
  { fieldValidation = "Warn", warn }: FieldValidation = {},
): KubeObject {
  const patched = patchWith(type, current, patch, schema);
  const object = decode(patched, current);
  if (fieldValidation === "Ignore") return object;
  const unknown = unknownFields(patched.object, schema, { mapKeys: type !== "strategic" });
  const faults = [...patched.faults, ...unknown.sort()];
  if (fieldValidation === "Warn") for (const fault of faults) warn?.(fault);
  else if (faults.length > 0) throw invalidPatch(patched.shown(), strictDecodingText(faults));
  return object;
}

/** An object after its patch, before it is decoded. */
interface Patched {
  readonly object: Members;
  /** Unknown and duplicate members of the patch itself. */
  readonly faults: readonly string[];
  /** As which an error shows the patch. */
  shown(): string;
  /** What is wrong, if the object cannot be decoded, where the words are not those of the JSON decoder. */
  fault?(): string | undefined;
}

function patchWith(type: PatchType, current: KubeObject, patch: Uint8Array, schema: TypeSchema): Patched {
  switch (type) {
    case "strategic":
      return patchStrategically(current, patch, schema);
    case "merge":
      return patchByMerge(current, patch);
    case "json":
      return patchByOperations(current, patch);
    case "apply":
      throw new ApiError(
        "UnsupportedMediaType",
        "server-side apply (application/apply-patch+yaml) is not supported by the embedded API server: use a strategic " +
          "merge patch, a merge patch or a JSON patch, with kubectl apply without --server-side",
      );
  }
}

function patchStrategically(current: KubeObject, bytes: Uint8Array, schema: TypeSchema): Patched {
  const { value, duplicates } = readPatch(bytes, "");
  const patch = membersOf(value ?? {}, "");
  let merged: Members;
  try {
    merged = strategicMergePatch(current, patch, schema);
  } catch (error) {
    if (!(error instanceof StrategicError)) throw error;
    throw error.code === "bad-format" ? badRequest(error.message) : new ApiError("Invalid", error.message);
  }
  // The kind is that of the schema whatever the patch says, as on the real server.
  const object = { ...merged, apiVersion: current.apiVersion, kind: current.kind };
  return {
    object,
    faults: duplicates,
    shown: () => goText(patch),
    fault: () => unstructuredFault(object, schema),
  };
}

const decodingPrefix = "error decoding patch: ";

function patchByMerge(current: KubeObject, bytes: Uint8Array): Patched {
  const { value, duplicates } = readPatch(bytes, decodingPrefix);
  if (value === null) throw badRequest("Invalid JSON Patch");
  return patchedText(mergePatch(current, membersOf(value, decodingPrefix)), current, duplicates);
}

function patchByOperations(current: KubeObject, bytes: Uint8Array): Patched {
  const { value, duplicates } = readPatch(bytes, decodingPrefix);
  const operations = readOperations(value);
  const faults = [...duplicates, ...unknownOperationFields(operations)].map((fault) => `json patch ${fault}`);
  try {
    return patchedText(jsonPatch(current, operations), current, faults);
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
    // The real server does not say which operation failed, and why.
    throw new ApiError("Invalid", "the server rejected our request due to an error in our request", {});
  }
}

function patchedText(value: unknown, current: KubeObject, faults: readonly string[]): Patched {
  const shown = () => JSON.stringify(value);
  if (!isMembers(value)) {
    throw invalidPatch(
      shown(),
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonTypeName(value)} into Go value of type ${typeMeta}`,
    );
  }
  const { apiVersion = current.apiVersion, kind = current.kind } = value;
  if (apiVersion !== current.apiVersion || kind !== current.kind) {
    const claimed = { apiVersion: String(apiVersion), kind: String(kind) };
    throw invalidPatch(shown(), otherKindText(value, claimed, current));
  }
  return { object: { ...value, apiVersion, kind }, faults, shown };
}

/** How Go names the type by which it looks at what an object is (apimachinery, pkg/runtime/serializer/json/meta.go). */
const typeMeta = `struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;

/**
 * A patch cannot make another kind of an object. The real server finds out when it has read the object as that other kind,
 * unless it does not even know that (apimachinery, pkg/runtime/scheme.go, pkg/conversion/converter.go).
 */
function otherKindText(object: Members, { apiVersion, kind }: TypedObject, current: KubeObject): string {
  if (schemaFor(apiVersion, kind) === undefined) {
    return `no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`;
  }
  try {
    normalizeJson({ ...object, apiVersion, kind });
  } catch (error) {
    if (error instanceof CodecError) return error.message;
    throw error;
  }
  const version = apiVersion.slice(apiVersion.indexOf("/") + 1);
  // The package of the kind's internal type has the first word of its group as name.
  const internal = current.apiVersion.includes("/") ? current.apiVersion.split(/[./]/)[0] : "core";
  return `converting (${version}.${kind}) to (${internal}.${current.kind}): unknown conversion`;
}

function readPatch(bytes: Uint8Array, prefix: string): JsonText {
  try {
    return readJson(bytes);
  } catch (error) {
    if (error instanceof JsonTextError) throw badRequest(`${prefix}${error.message}`);
    throw error;
  }
}

function membersOf(patch: unknown, prefix: string): Members {
  if (isMembers(patch)) return patch;
  const actual = jsonTypeName(patch);
  throw badRequest(`${prefix}json: cannot unmarshal ${actual} into Go value of type map[string]interface {}`);
}

function decode({ object, shown, fault }: Patched, { apiVersion, kind }: KubeObject): KubeObject {
  try {
    const normal = normalizeJson({ ...object, apiVersion, kind });
    return { ...normal, metadata: (normal["metadata"] as KubeObject["metadata"] | undefined) ?? {} };
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw invalidPatch(shown(), fault?.() ?? error.message);
  }
}

/** The 422 for a patch that leaves no object of its kind; its subject has neither kind nor name, as on the real server. */
function invalidPatch(shown: string, why: string): ApiError {
  const message = `Invalid value: ${goQuote(shown)}: ${why}`;
  return new ApiError("Invalid", ` "" is invalid: patch: ${message}`, {
    causes: [{ reason: "FieldValueInvalid", message, field: "patch" }],
  });
}
