import { type Clock, HollowError, type Random } from "@hollowfleet/core";
import type {
  ClusterStore,
  DeleteChoice,
  ResourceName,
  StoreChange,
  StoredObject,
  StoredResource,
  StoreRefusal,
} from "../cluster-store.ts";
import { foregroundFinalizer, orphanFinalizer } from "../collect/ownership-graph.ts";
import { sameValue } from "../objects/canonical.ts";
import { putCondition } from "../objects/conditions.ts";
import {
  isBeingDeleted,
  joinKey,
  type KubeObject,
  keyOf,
  nameOf,
  namespaceOf,
  timestamp,
  uidOf,
} from "../objects/meta.ts";
import { isTerminal } from "../objects/pod.ts";
import type { Job, Namespace, Pod } from "../objects/types.ts";

export class MemoryStoreError extends HollowError<StoreRefusal> {}

const kinds: readonly (readonly [name: string, apiVersion: string, kind: string, namespaced: boolean])[] = [
  ["nodes", "v1", "Node", false],
  ["namespaces", "v1", "Namespace", false],
  ["pods", "v1", "Pod", true],
  ["serviceaccounts", "v1", "ServiceAccount", true],
  ["configmaps", "v1", "ConfigMap", true],
  ["services", "v1", "Service", true],
  ["events", "v1", "Event", true],
  ["leases.coordination.k8s.io", "coordination.k8s.io/v1", "Lease", true],
  ["deployments.apps", "apps/v1", "Deployment", true],
  ["replicasets.apps", "apps/v1", "ReplicaSet", true],
  ["jobs.batch", "batch/v1", "Job", true],
  ["poddisruptionbudgets.policy", "policy/v1", "PodDisruptionBudget", true],
  ["endpointslices.discovery.k8s.io", "discovery.k8s.io/v1", "EndpointSlice", true],
];

interface Anything extends KubeObject {
  readonly spec?: unknown;
  readonly status?: unknown;
}

/**
 * A little store with the semantics that controllers depend on: revisions, conflicts, generations, the status apart,
 * graceful deletion, finalizers, namespaces that end. What it gives out is frozen, so that a change in place throws.
 */
export class MemoryStore implements ClusterStore {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #tables = new Map<string, Map<string, Anything>>(kinds.map(([name]) => [name, new Map()]));
  readonly #watchers = new Map<string, Set<(change: StoreChange<Anything>) => void>>();
  #revision = 1;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  resources(): readonly StoredResource[] {
    return kinds.map(([name, apiVersion, kind, namespaced]) => ({ name, apiVersion, kind, namespaced }));
  }

  get<T extends StoredObject>(resource: ResourceName, namespace: string, name: string): T | undefined {
    return this.#table(resource).get(joinKey(namespace, name)) as T | undefined;
  }

  list<T extends StoredObject>(resource: ResourceName, namespace?: string): readonly T[] {
    return this.listAny(resource, namespace) as readonly T[];
  }

  listAny(resource: string, namespace?: string): readonly StoredObject[] {
    const all = [...this.#table(resource).values()];
    return namespace === undefined ? all : all.filter((object) => namespaceOf(object) === namespace);
  }

  create<T extends StoredObject>(resource: ResourceName, object: T): T {
    const wanted = object as Anything & { readonly metadata?: { readonly generateName?: string } };
    const name = wanted.metadata?.name ?? `${wanted.metadata?.generateName ?? ""}${this.#random.hex(5)}`;
    this.#admit(resource, namespaceOf(wanted));
    if (this.#table(resource).has(joinKey(wanted.metadata?.namespace, name))) refuse("AlreadyExists", resource, name);
    const uid = `${this.#random.hex(8)}-uid`;
    const creationTimestamp = timestamp(this.#clock.nowMs());
    const created = { ...wanted, metadata: { ...wanted.metadata, name, uid, creationTimestamp, generation: 1 } };
    return this.#put("ADDED", resource, defaulted(resource, created)) as T;
  }

  update<T extends StoredObject>(resource: string, object: T): T {
    const before = this.#current(resource, object);
    const wanted = object as Anything;
    const isSpecSame = sameValue(wanted.spec, before.spec);
    const generation = (before.metadata?.generation ?? 1) + (isSpecSame ? 0 : 1);
    const metadata = { ...wanted.metadata, ...fixed(before), generation };
    const status = before.status === undefined ? {} : { status: before.status };
    const after = { ...wanted, ...status, metadata } as Anything;
    if (sameValue(after, before)) return before as T;
    const isGraceful = resource === "pods" && (before.metadata?.deletionGracePeriodSeconds ?? 0) > 0;
    const isOver = isBeingDeleted(before) && !isGraceful && !isHeld(resource, after);
    return (isOver ? this.#drop(resource, after) : this.#put("MODIFIED", resource, after)) as T;
  }

  updateStatus<T extends StoredObject>(resource: ResourceName, object: T): T {
    const before = this.#current(resource, object);
    const wanted = object as Anything;
    const annotations = wanted.metadata?.annotations;
    const metadata = { ...before.metadata, ...(annotations !== undefined && { annotations }) };
    const after = { ...before, metadata, status: wanted.status } as Anything;
    if (sameValue(after, before)) return before as unknown as T;
    return this.#put("MODIFIED", resource, after) as T;
  }

  delete(resource: string, namespace: string, name: string, options: DeleteChoice = {}): void {
    const before = this.#table(resource).get(joinKey(namespace, name)) ?? refuse("NotFound", resource, name);
    if (options.uid !== undefined && options.uid !== uidOf(before)) refuse("Conflict", resource, name);
    const graceSeconds = resource === "pods" ? graceOf(before as Pod, options) : 0;
    const finalizers = [...(before.metadata?.finalizers ?? [])];
    if (!isBeingDeleted(before)) {
      if (options.propagation === "Foreground") finalizers.push(foregroundFinalizer);
      if (options.propagation === "Orphan") finalizers.push(orphanFinalizer);
    }
    const since = before.metadata?.deletionTimestamp ?? timestamp(this.#clock.nowMs() + graceSeconds * 1000);
    const marked = {
      ...before,
      metadata: { ...before.metadata, finalizers, deletionTimestamp: since, deletionGracePeriodSeconds: graceSeconds },
      ...(resource === "namespaces" && { status: { phase: "Terminating" } }),
    } as Anything;
    if (graceSeconds === 0 && !isHeld(resource, marked)) this.#drop(resource, before);
    else if (!sameValue(marked, before)) this.#put("MODIFIED", resource, marked);
  }

  bind(namespace: string, name: string, node: string): void {
    const pod = this.get<Pod>("pods", namespace, name) ?? refuse("NotFound", "pods", name);
    if (pod.spec?.nodeName) refuse("Conflict", "pods", name);
    const condition = { type: "PodScheduled", status: "True", lastTransitionTime: timestamp(this.#clock.nowMs()) };
    const conditions = putCondition(pod.status?.conditions, condition);
    const bound = { ...pod, spec: { ...pod.spec, nodeName: node }, status: { ...pod.status, conditions } };
    this.#put("MODIFIED", "pods", bound as Anything);
  }

  finalizeNamespace(object: StoredObject): void {
    const before = this.#current("namespaces", object);
    const after = { ...before, spec: (object as Namespace).spec } as Anything;
    if (isBeingDeleted(before) && !isHeld("namespaces", after)) this.#drop("namespaces", after);
    else this.#put("MODIFIED", "namespaces", after);
  }

  watch<T extends StoredObject>(resource: string, notify: (change: StoreChange<T>) => void): () => void {
    const watchers = this.#watchers.get(resource) ?? new Set();
    this.#watchers.set(resource, watchers);
    const watcher = notify as (change: StoreChange<Anything>) => void;
    watchers.add(watcher);
    return () => void watchers.delete(watcher);
  }

  #table(resource: string): Map<string, Anything> {
    return this.#tables.get(resource) ?? refuse("NotFound", resource, "");
  }

  #current(resource: string, object: KubeObject): Anything {
    const before = this.#table(resource).get(keyOf(object)) ?? refuse("NotFound", resource, nameOf(object));
    const { resourceVersion } = object.metadata ?? {};
    if (resourceVersion !== undefined && resourceVersion !== before.metadata?.resourceVersion) {
      refuse("Conflict", resource, nameOf(object));
    }
    return before;
  }

  #admit(resource: string, namespace: string): void {
    if (namespace === "") return;
    const home = this.get<Namespace>("namespaces", "", namespace);
    if (home === undefined) refuse("NotFound", "namespaces", namespace);
    else if (isBeingDeleted(home)) refuse("Forbidden", resource, namespace);
  }

  #put(type: "ADDED" | "MODIFIED", resource: string, object: Anything): Anything {
    const resourceVersion = String(++this.#revision);
    const stored = freeze({ ...object, metadata: { ...object.metadata, resourceVersion } });
    this.#table(resource).set(keyOf(stored), stored);
    this.#notify(resource, { type, object: stored });
    return stored;
  }

  #drop(resource: string, object: Anything): Anything {
    const resourceVersion = String(++this.#revision);
    const last = freeze({ ...object, metadata: { ...object.metadata, resourceVersion } });
    this.#table(resource).delete(keyOf(last));
    this.#notify(resource, { type: "DELETED", object: last });
    return last;
  }

  #notify(resource: string, change: StoreChange<Anything>): void {
    for (const notify of this.#watchers.get(resource) ?? []) notify(change);
  }
}

function refuse(code: StoreRefusal, resource: string, name: string): never {
  throw new MemoryStoreError(code, `${resource} "${name}": ${code}`);
}

/** What a client cannot change. */
function fixed({ metadata }: Anything): object {
  const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds } = metadata ?? {};
  return {
    uid,
    creationTimestamp,
    ...(deletionTimestamp && { deletionTimestamp }),
    ...(deletionGracePeriodSeconds !== undefined && { deletionGracePeriodSeconds }),
  };
}

function isHeld(resource: string, object: Anything): boolean {
  if (resource === "namespaces" && ((object as Namespace).spec?.finalizers ?? []).length > 0) return true;
  return (object.metadata?.finalizers ?? []).length > 0;
}

/** Nobody has to be waited for when the pod has no node or has ended. */
function graceOf(pod: Pod, { gracePeriodSeconds }: DeleteChoice): number {
  if (!pod.spec?.nodeName || isTerminal(pod)) return 0;
  const wanted = gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
  return Math.min(wanted, pod.metadata?.deletionGracePeriodSeconds ?? wanted);
}

/** The defaults that the loops rely on. */
function defaulted(resource: string, object: Anything): Anything {
  if (resource === "pods") return { ...object, status: { phase: "Pending", ...(object.status as object) } };
  if (resource === "namespaces") {
    return { ...object, spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } };
  }
  return resource === "jobs.batch" ? withJobLabels(object as Job) : object;
}

/** registry/batch/job/strategy.go generateSelector */
function withJobLabels(job: Job): Anything {
  const matchLabels = { "batch.kubernetes.io/controller-uid": uidOf(job) };
  const labels = {
    ...job.spec?.template?.metadata?.labels,
    ...matchLabels,
    "batch.kubernetes.io/job-name": nameOf(job),
  };
  const template = { ...job.spec?.template, metadata: { ...job.spec?.template?.metadata, labels } };
  return { ...job, spec: { ...job.spec, selector: { matchLabels }, template } } as Anything;
}

function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
