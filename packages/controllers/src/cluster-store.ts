/** An object in the form its JSON has, as the store gives it out: never change it in place, build a new one. */
export interface StoredObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
  };
}

/** The resources that controllers use, by what the store calls them: plural and group. */
export type ResourceName =
  | "nodes"
  | "pods"
  | "namespaces"
  | "serviceaccounts"
  | "configmaps"
  | "services"
  | "events"
  | "leases.coordination.k8s.io"
  | "deployments.apps"
  | "replicasets.apps"
  | "jobs.batch"
  | "poddisruptionbudgets.policy"
  | "endpointslices.discovery.k8s.io";

/** One resource that the server keeps objects of. */
export interface StoredResource {
  /** Plural and group, e.g. "pods", "deployments.apps". */
  readonly name: string;
  readonly namespaced: boolean;
  /** As owner references name it, e.g. "apps/v1" and "Deployment". */
  readonly apiVersion: string;
  readonly kind: string;
}

export interface StoreChange<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** After the change; for DELETED the last state. */
  readonly object: T;
}

/** Why a write was refused; whatever else is thrown is a bug. Errors of the store carry it as `code`. */
export type StoreRefusal = "NotFound" | "AlreadyExists" | "Conflict" | "Invalid" | "Forbidden" | "TooManyRequests";

const refusals: ReadonlySet<unknown> = new Set<StoreRefusal>([
  "NotFound",
  "AlreadyExists",
  "Conflict",
  "Invalid",
  "Forbidden",
  "TooManyRequests",
]);

/** Why the store refused, or undefined when what was thrown is no refusal. */
export function refusalOf(thrown: unknown): StoreRefusal | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  return refusals.has(thrown.code) ? (thrown.code as StoreRefusal) : undefined;
}

/**
 * What the controllers need of an API server, in its own process: reads and writes are synchronous. Writes go through
 * the same admission, validation and optimistic concurrency as everybody's, and throw errors with `code`. A write that
 * changes nothing makes no change: no new resourceVersion, no notice to watchers.
 */
export interface ClusterStore {
  get<T extends StoredObject>(resource: ResourceName, namespace: string, name: string): T | undefined;
  /** All, or those of one namespace; what is returned is a snapshot. */
  list<T extends StoredObject>(resource: ResourceName, namespace?: string): readonly T[];
  /** All resources that can be listed and deleted, for garbage collection and namespaces. */
  resources(): readonly StoredResource[];
  listAny(resource: string, namespace?: string): readonly StoredObject[];
  /** `metadata.generateName` works as in a POST. */
  create<T extends StoredObject>(resource: ResourceName, object: T): T;
  /** Refused with Conflict when resourceVersion is not the stored one's. Removing the last finalizer of what is being deleted ends it. */
  update<T extends StoredObject>(resource: string, object: T): T;
  /** PUT of the subresource status. Annotations of a Deployment may change in it, as on the real server. */
  updateStatus<T extends StoredObject>(resource: ResourceName, object: T): T;
  delete(resource: string, namespace: string, name: string, options?: DeleteChoice): void;
  /** POST pods/NAME/binding. */
  bind(namespace: string, pod: string, node: string): void;
  /** PUT namespaces/NAME/finalize. */
  finalizeNamespace(object: StoredObject): void;
  /** Every change from now on, within the write that makes it: only note it, and work later. Returns what ends it. */
  watch<T extends StoredObject>(resource: string, notify: (change: StoreChange<T>) => void): () => void;
}

/** DeleteOptions, as far as controllers choose. */
export interface DeleteChoice {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation?: "Orphan" | "Background" | "Foreground";
  readonly gracePeriodSeconds?: number;
}
