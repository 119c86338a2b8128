import { CodecError } from "../codec-error.ts";
import { findKind, kinds } from "../kinds.ts";
import { findPlan, type TypePlan } from "./type-plan.ts";

/** What a field holds; of a list or a map, what its elements hold. `any` is JSON of no schema: ControllerRevision.data. */
export type FieldType =
  | "string"
  | "int"
  | "number"
  | "bool"
  | "bytes"
  | "time"
  | "microtime"
  | "quantity"
  | "intOrString"
  | "object"
  | "any";

/** One member of an object in its JSON form, as Kubernetes' Go types and its published OpenAPI describe it. */
export interface FieldSchema {
  readonly type: FieldType;
  /** The name of the type of an `object`, for `typeSchema`. */
  readonly ref?: string;
  /** An array; with `map` a map of arrays. */
  readonly list?: boolean;
  /** An object with members of any name. */
  readonly map?: boolean;
  /** The member by which a strategic merge patch finds an element of the list. */
  readonly patchMergeKey?: string;
  /** Of `merge`, `replace`, `retainKeys`; absent: replace for lists, merge for objects. */
  readonly patchStrategy?: readonly string[];
  readonly listType?: "atomic" | "set" | "map";
  readonly listMapKeys?: readonly string[];
  /** Named in `required` of the OpenAPI schema. */
  readonly required?: boolean;
  /** Written even when it is zero: null for a list, {} with what that always has for an object. */
  readonly always?: boolean;
}

/** The members of one type, in the order in which Go declares and writes them. */
export interface TypeSchema {
  /** Short and unique: "PodSpec"; the Event of events.k8s.io is "EventsEvent". */
  readonly name: string;
  readonly fields: ReadonlyMap<string, FieldSchema>;
}

/** The schema of a named type, e.g. the `ref` of a field. */
export function typeSchema(name: string): TypeSchema | undefined {
  return findPlan(name);
}

/** The schema of a kind; undefined for one that has no codec either. */
export function schemaFor(apiVersion: string, kind: string): TypeSchema | undefined {
  return findKindPlan(apiVersion, kind);
}

/** Kinds that every group version has (apimachinery, meta/v1/register.go). */
const metaKinds: ReadonlySet<string> = new Set(["DeleteOptions", "PartialObjectMetadata", "Status"]);

const typeNames: ReadonlyMap<unknown, string> = new Map(Object.entries(kinds).map(([name, kind]) => [kind, name]));

function findKindPlan(apiVersion: string, kind: string): TypePlan | undefined {
  if (metaKinds.has(kind)) return findPlan(kind);
  const name = typeNames.get(findKind(apiVersion, kind));
  return name === undefined ? undefined : findPlan(name);
}

/**
 * The plan of a kind.
 * @throws CodecError `unknown-kind`
 */
export function kindPlan(apiVersion: string, kind: string): TypePlan {
  const plan = findKindPlan(apiVersion, kind);
  if (plan === undefined) throw new CodecError("unknown-kind", `no codec for ${kind} of ${apiVersion}`);
  return plan;
}
