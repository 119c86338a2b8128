import { CodecError, isEnvelope, normalizeJson, protobufToJson, schemaFor, unwrap } from "@hollowfleet/wire";
import type { ApiError } from "../../api-error.ts";
import type { KubeObject } from "../../object.ts";
import { validateFields } from "../../patch/field-validation.ts";
import { JsonTextError, readJson } from "../../patch/json-text.ts";
import { badRequest } from "../../status-errors.ts";
import type { WriteOptions } from "../../verbs/api.ts";
import { unsupportedMediaType } from "../http-errors.ts";
import { goPackage } from "./go-package.ts";
import { bodyEncoding, type Encoding, servedMediaTypes } from "./negotiate.ts";

/** A body as an object, and what a client should hear about it. */
export interface DecodedBody {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/** The type that a body must have; one that it does not name itself. */
export interface ExpectedType {
  readonly apiVersion: string;
  readonly kind: string;
  /** Other versions in which it may come. */
  readonly otherApiVersions?: readonly string[];
}

/** @throws ApiError UnsupportedMediaType */
export function requiredEncoding(contentType: string | undefined): Encoding {
  const encoding = bodyEncoding(contentType);
  if (encoding === undefined) throw unsupportedMediaType(servedMediaTypes);
  return encoding;
}

/**
 * Decodes the body of a create or an update (apiserver/pkg/endpoints/handlers/create.go): members of the wrong type are
 * refused, unknown ones left out.
 * @throws ApiError BadRequest
 */
export function decodeBody(
  bytes: Uint8Array,
  encoding: Encoding,
  expected: ExpectedType,
  fieldValidation: WriteOptions["fieldValidation"],
): DecodedBody {
  return encoding === "json"
    ? decodeJson(bytes, expected, fieldValidation)
    : { object: decodeProtobuf(bytes, expected), warnings: [] };
}

function decodeJson(
  bytes: Uint8Array,
  expected: ExpectedType,
  fieldValidation: WriteOptions["fieldValidation"],
): DecodedBody {
  const unrecognized = (why: string) =>
    badRequest(`the object provided is unrecognized (must be of type ${expected.kind}): ${why} (${summary(bytes)})`);
  const { value, duplicates } = parseJson(bytes, unrecognized);
  const type = typeOf(value, expected, unrecognized);
  checkType(type, expected);
  const given = { ...(value as object), ...type } as KubeObject;
  const schema = schemaFor(type.apiVersion, type.kind);
  // Kinds that only exist as questions, such as reviews, have no schema everywhere.
  if (schema === undefined) return { object: given, warnings: [] };
  const object = translated(type, expected, () => normalizeJson(given)) as KubeObject;
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  validateFields(given, duplicates, schema, { ...(fieldValidation !== undefined && { fieldValidation }), warn });
  return { object, warnings };
}

function parseJson(bytes: Uint8Array, unrecognized: (why: string) => ApiError): ReturnType<typeof readJson> {
  try {
    return readJson(bytes);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw unrecognized(`couldn't get version/kind; json parse error: ${error.message}`);
  }
}

type TypeMeta = Pick<ExpectedType, "apiVersion" | "kind">;

/** What a body says it is; what it leaves out is as expected. */
function typeOf(value: unknown, expected: ExpectedType, unrecognized: (why: string) => ApiError): TypeMeta {
  const fault = (why: string) =>
    unrecognized(`couldn't get version/kind; json parse error: json: cannot unmarshal ${why}`);
  const struct =
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
  if (typeof value !== "object" || Array.isArray(value)) {
    throw fault(`${Array.isArray(value) ? "array" : typeof value} into Go value of type ${struct}`);
  }
  // null is decoded as {}.
  const { apiVersion, kind } = (value ?? {}) as { readonly apiVersion?: unknown; readonly kind?: unknown };
  for (const [name, text] of Object.entries({ apiVersion, kind })) {
    const isText = text === undefined || text === null || typeof text === "string";
    if (!isText)
      throw fault(`${Array.isArray(text) ? "array" : typeof text} into Go struct field .${name} of type string`);
  }
  return {
    apiVersion: (apiVersion as string | null | undefined) || expected.apiVersion,
    kind: (kind as string | null | undefined) || expected.kind,
  };
}

function decodeProtobuf(bytes: Uint8Array, expected: ExpectedType): KubeObject {
  const unrecognized = (why: string) =>
    badRequest(`the object provided is unrecognized (must be of type ${expected.kind}): ${why} (${summary(bytes)})`);
  if (bytes.length === 0) throw unrecognized("empty data");
  if (bytes.length === magicBytes && isEnvelope(bytes)) throw unrecognized("empty body");
  let envelope: ReturnType<typeof unwrap>;
  try {
    envelope = unwrap(bytes);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    const prefix = "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]";
    throw unrecognized(error.code === "not-an-envelope" ? prefix : goText(error));
  }
  const type = { apiVersion: envelope.apiVersion || expected.apiVersion, kind: envelope.kind || expected.kind };
  checkType(type, expected);
  return translated(type, expected, () => protobufToJson(type.apiVersion, type.kind, envelope.raw)) as KubeObject;
}

function checkType(type: TypeMeta, expected: ExpectedType): void {
  const { apiVersion, kind } = type;
  const isOther = expected.otherApiVersions?.includes(apiVersion) === true;
  if (kind === expected.kind && (apiVersion === expected.apiVersion || isOther)) return;
  if (schemaFor(apiVersion, kind) === undefined) {
    const where = `version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`;
    throw cannotBeHandled(type, expected, `no kind ${JSON.stringify(kind)} is registered for ${where}`);
  }
  if (kind !== expected.kind) {
    const internal = `${goPackage(expected.apiVersion)}.${expected.kind}`;
    throw cannotBeHandled(
      type,
      expected,
      `converting (${versionOf(apiVersion)}.${kind}) to (${internal}): unknown conversion`,
    );
  }
  const text = `the API version in the data (${apiVersion}) does not match the expected API version (${expected.apiVersion})`;
  throw badRequest(text);
}

function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf("/") + 1);
}

function cannotBeHandled({ apiVersion, kind }: TypeMeta, expected: ExpectedType, why: string): ApiError {
  return badRequest(
    `${kind} in version ${JSON.stringify(versionOf(apiVersion))} cannot be handled as a ${expected.kind}: ${why}`,
  );
}

function translated<T>(type: TypeMeta, expected: ExpectedType, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof CodecError) throw cannotBeHandled(type, expected, goText(error));
    throw error;
  }
}

/** Go says no more of protobuf that is too short. */
function goText({ code, message }: CodecError): string {
  return code === "truncated" ? "unexpected EOF" : message;
}

/** k8s and a zero. */
const magicBytes = 4;
const summaryBytes = 30;

/** The beginning of a body, as text if it is an object (summarizeData in apiserver/pkg/endpoints/handlers/rest.go). */
function summary(bytes: Uint8Array): string {
  if (bytes.length === 0) return "<empty>";
  const head = Buffer.from(bytes.subarray(0, summaryBytes));
  const text = bytes[0] === 0x7b ? head.toString() : head.toString("hex");
  return bytes.length > summaryBytes ? `${text} ...` : text;
}

/**
 * The body of a DELETE: a DeleteOptions of meta.k8s.io, of the core group or of any other.
 * @throws ApiError BadRequest
 */
export function decodeDeleteOptions(bytes: Uint8Array, encoding: Encoding): Readonly<Record<string, unknown>> {
  const { apiVersion, kind, ...options } =
    encoding === "json" ? deleteOptionsOfJson(bytes) : deleteOptionsOfProtobuf(bytes);
  if (kind === "" || kind === "DeleteOptions") return options;
  const where = `version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`;
  throw badRequest(`no kind ${JSON.stringify(kind)} is registered for ${where}`);
}

type Options = Readonly<Record<string, unknown>> & { readonly apiVersion?: unknown; readonly kind?: unknown };

function deleteOptionsOfJson(bytes: Uint8Array): Options {
  const { value } = parseJson(bytes, badRequest);
  return { ...(value as object), ...typeOf(value, { apiVersion: "", kind: "" }, badRequest) };
}

function deleteOptionsOfProtobuf(bytes: Uint8Array): Options {
  try {
    const { apiVersion, kind, raw } = unwrap(bytes);
    if (kind !== "" && kind !== "DeleteOptions") return { apiVersion, kind };
    return { ...protobufToJson("v1", "DeleteOptions", raw), apiVersion, kind };
  } catch (error) {
    if (error instanceof CodecError) throw badRequest(goText(error));
    throw error;
  }
}
