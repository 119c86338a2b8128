import type { StatusCause } from "../api-error.ts";
import type { KubeObject } from "../object.ts";
import type { UserInfo } from "../request-info.ts";
import type { ServiceAllocator } from "./service/service-allocator.ts";

/** What a strategy may ask about the world. */
export interface StrategyContext {
  readonly nowMs: number;
  /** Who asks. Sources of uids and suffixes are not part of it: names and uids are given by the create verb itself. */
  readonly user: UserInfo;
  /** Which addresses and ports Services have; without it Services get none. */
  readonly services?: ServiceAllocator;
}

/** What an update of a part of an object adds to the common way. */
export interface UpdateStrategy {
  /** Keeps what this update may not touch: takes it from the old object. */
  prepareForUpdate?(object: KubeObject, old: KubeObject, context: StrategyContext): void;
  validateUpdate?(object: KubeObject, old: KubeObject): readonly StatusCause[];
}

/**
 * What one kind adds to the common way of creating and updating objects (registry/rest/{create,update}.go). Objects given
 * to `defaults` and `prepare…` are fresh clones and are changed in place; `validate…` return faults and change nothing.
 * The common way has by then checked the envelope (kind, apiVersion, namespace), given the name, the uid and the old
 * generation, and afterwards checks names, labels, annotations, finalizers and owner references.
 *
 * What an old object shares with a new one after `prepareForUpdate` is the same object: stored objects never change.
 */
export interface Strategy extends UpdateStrategy {
  /** The defaulting of the versioned API: on everything that is decoded or patched. Twice is the same as once. */
  defaults?(object: KubeObject): void;
  /** e.g. clears status, sets generation 1. @throws ApiError where something can't be allotted */
  prepareForCreate?(object: KubeObject, context: StrategyContext): void;
  validate?(object: KubeObject): readonly StatusCause[];
  /** For subresource status; default: everything but status and metadata is kept from the old object. */
  prepareForStatusUpdate?(object: KubeObject, old: KubeObject, context: StrategyContext): void;
  validateStatusUpdate?(object: KubeObject, old: KubeObject): readonly StatusCause[];
  /** Other subresources that write the same object, e.g. finalize of namespaces, approval of CSRs. */
  readonly subresources?: Readonly<Record<string, UpdateStrategy>>;
  /** Seconds of grace for a deletion without options of its own; undefined: deleted at once (pods only have it). */
  gracePeriodSeconds?(object: KubeObject, requested: number | undefined): number | undefined;
  /** PUT creates what is not there (leases, events, endpoints …). Default false. */
  readonly allowCreateOnUpdate?: boolean;
  /** PUT without resourceVersion overwrites. Default true; false answers 409/422 as the real server does. */
  readonly allowUnconditionalUpdate?: boolean;
  /** The name rule: default DNS-1123 subdomain. */
  readonly nameRule?: "subdomain" | "label" | "dns1035-label" | "path-segment";
  /** Finalizers without a domain may be any: what only the kinds of few groups allow. Default false. */
  readonly anyFinalizers?: boolean;
  /** A new object's metadata is only looked at when `validate` found nothing. Default false: both are told. */
  readonly metadataLast?: boolean;
  /** Labels of field selectors beside metadata.name and metadata.namespace, e.g. spec.nodeName. */
  selectableFields?(object: KubeObject): Readonly<Record<string, string>>;
  /** Propagation when a DELETE does not say; batch/v1 Jobs orphan for compatibility. Default "Background". */
  readonly defaultPropagation?: "Background" | "Orphan";
}
