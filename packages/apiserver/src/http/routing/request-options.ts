import { badRequest } from "../../status-errors.ts";
import type { DeleteOptions, GetOptions, ListOptions, WriteOptions } from "../../verbs/api.ts";
import { invalidOptions } from "../http-errors.ts";
import type { Query } from "./query.ts";

const int64Max = 9_223_372_036_854_775_807n;

/**
 * A number of the query; undefined when absent. Beyond 2^53 it is not exact, which no option needs.
 * @throws ApiError BadRequest with the text of Go's strconv.ParseInt
 */
function integer(query: Query, name: string): number | undefined {
  const text = query.first(name);
  if (text === undefined) return undefined;
  const fault = (why: string) => badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`);
  if (!/^[+-]?\d+$/.test(text)) throw fault("invalid syntax");
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  if (value > int64Max || value < -int64Max - 1n) throw fault("value out of range");
  return Number(value);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function texts<Name extends string>(query: Query, names: readonly Name[]): { [K in Name]?: string } {
  const found: { [K in Name]?: string } = {};
  for (const name of names) {
    const value = query.first(name);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

export function getOptions(query: Query): GetOptions {
  return texts(query, ["resourceVersion"]);
}

const listTexts = ["labelSelector", "fieldSelector", "resourceVersion", "resourceVersionMatch", "continue"] as const;

/** @throws ApiError BadRequest for numbers that are none */
export function listOptions(query: Query): ListOptions {
  const options: Mutable<ListOptions> = texts(query, listTexts);
  const limit = integer(query, "limit");
  const timeoutSeconds = integer(query, "timeoutSeconds");
  const allowWatchBookmarks = query.flag("allowWatchBookmarks");
  const sendInitialEvents = query.flag("sendInitialEvents");
  if (limit !== undefined) options.limit = limit;
  if (timeoutSeconds !== undefined) options.timeoutSeconds = timeoutSeconds;
  if (allowWatchBookmarks !== undefined) options.allowWatchBookmarks = allowWatchBookmarks;
  if (sendInitialEvents !== undefined) options.sendInitialEvents = sendInitialEvents;
  return options;
}

const fieldValidations = ["Ignore", "Warn", "Strict"] as const;
/** apimachinery/pkg/apis/meta/v1/validation/validation.go */
const fieldManagerLengthMax = 128;

/**
 * @param kind CreateOptions, UpdateOptions or PatchOptions: what a fault is blamed on
 * @throws ApiError Invalid
 */
export function writeOptions(query: Query, kind: string): WriteOptions {
  const options: Mutable<WriteOptions> = {};
  const fieldManager = query.first("fieldManager") ?? "";
  if (fieldManager !== "") options.fieldManager = checkedFieldManager(fieldManager, kind);
  if (dryRun(query.all("dryRun"), kind)) options.dryRun = true;
  const text = query.first("fieldValidation") ?? "";
  if (text !== "") {
    const found = fieldValidations.find((known) => known === text);
    if (found === undefined) {
      throw unsupported(kind, "fieldValidation", JSON.stringify(text), `"", "Ignore", "Strict", "Warn"`);
    }
    options.fieldValidation = found;
  }
  if (kind === "PatchOptions" && query.has("force")) {
    throw invalidOptions(kind, "force", "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch");
  }
  return options;
}

function checkedFieldManager(name: string, kind: string): string {
  if (name.length > fieldManagerLengthMax) {
    const why = `Too long: may not be more than ${fieldManagerLengthMax} bytes`;
    throw invalidOptions(kind, "fieldManager", "FieldValueTooLong", why);
  }
  // Go's unicode.IsPrint takes of all spaces only the common one.
  const at = name.search(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u);
  if (at >= 0) {
    const code = (name.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    const why = `invalid character U+${code} (at position ${at})`;
    throw invalidOptions(kind, "fieldManager", "FieldValueInvalid", `Invalid value: ${JSON.stringify(name)}: ${why}`);
  }
  return name;
}

function unsupported(kind: string, field: string, value: string, supported: string): never {
  const message = `Unsupported value: ${value}: supported values: ${supported}`;
  throw invalidOptions(kind, field, "FieldValueNotSupported", message);
}

function dryRun(values: readonly string[], kind: string): boolean {
  if (values.some((value) => value !== "All")) {
    unsupported(kind, "dryRun", JSON.stringify(values), `"All"`);
  }
  return values.length > 0;
}

/** What a body of kind DeleteOptions may carry; every member unchecked. */
export interface DeleteOptionsBody {
  readonly gracePeriodSeconds?: unknown;
  readonly preconditions?: unknown;
  readonly propagationPolicy?: unknown;
  readonly orphanDependents?: unknown;
  readonly dryRun?: unknown;
}

/** The query's options, in the form a body would have. */
export function deleteOptionsOfQuery(query: Query): DeleteOptionsBody {
  const gracePeriodSeconds = integer(query, "gracePeriodSeconds");
  const propagationPolicy = query.first("propagationPolicy");
  const orphanDependents = query.flag("orphanDependents");
  return {
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(propagationPolicy !== undefined && { propagationPolicy }),
    ...(orphanDependents !== undefined && { orphanDependents }),
    dryRun: query.all("dryRun"),
  };
}

/**
 * @param body decoded, of no known types
 * @throws ApiError BadRequest for wrong types, Invalid for wrong values
 */
export function deleteOptions(body: DeleteOptionsBody): DeleteOptions {
  const options: Mutable<DeleteOptions> = {};
  const grace = typed(body.gracePeriodSeconds, "number", "gracePeriodSeconds");
  if (grace !== undefined) options.gracePeriodSeconds = grace;
  const orphan = typed(body.orphanDependents, "boolean", "orphanDependents");
  if (orphan !== undefined) options.orphanDependents = orphan;
  const policy = typed(body.propagationPolicy, "string", "propagationPolicy");
  if (policy !== undefined) options.propagationPolicy = checkedPolicy(policy, orphan);
  if (body.dryRun !== undefined && body.dryRun !== null) {
    if (!Array.isArray(body.dryRun)) throw wrongType(body.dryRun, "dryRun", "[]string");
    if (dryRun(body.dryRun.map(String), "DeleteOptions")) options.dryRun = true;
  }
  const preconditions = typed(body.preconditions, "object", "preconditions");
  if (preconditions !== undefined) {
    const uid = typed(preconditions["uid"], "string", "preconditions.uid");
    const resourceVersion = typed(preconditions["resourceVersion"], "string", "preconditions.resourceVersion");
    options.preconditions = {
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
    };
  }
  return options;
}

const policies = ["Foreground", "Background", "Orphan"] as const;

function checkedPolicy(text: string, orphan: boolean | undefined): (typeof policies)[number] {
  if (orphan !== undefined) {
    const why = "orphanDependents and deletionPropagation cannot be both set";
    const message = `Invalid value: ${JSON.stringify(text)}: ${why}`;
    throw invalidOptions("DeleteOptions", "propagationPolicy", "FieldValueInvalid", message);
  }
  const found = policies.find((policy) => policy === text);
  if (found !== undefined) return found;
  const supported = `"Foreground", "Background", "Orphan", "nil"`;
  return unsupported("DeleteOptions", "propagationPolicy", JSON.stringify(text), supported);
}

interface Types {
  readonly number: number;
  readonly boolean: boolean;
  readonly string: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** Go's decoder takes null as absent. */
function typed<Name extends keyof Types>(value: unknown, type: Name, field: string): Types[Name] | undefined {
  if (value === undefined || value === null) return undefined;
  const fits = typeof value === type && !Array.isArray(value) && (type !== "number" || Number.isInteger(value));
  if (!fits) throw wrongType(value, field, goTypes[type]);
  return value as Types[Name];
}

const goTypes: Readonly<Record<keyof Types, string>> = {
  number: "int64",
  boolean: "bool",
  string: "string",
  object: "v1.Preconditions",
};

function wrongType(value: unknown, field: string, goType: string): Error {
  const actual = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return badRequest(`json: cannot unmarshal ${actual} into Go struct field DeleteOptions.${field} of type ${goType}`);
}
