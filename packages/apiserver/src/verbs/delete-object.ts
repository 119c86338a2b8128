import type { StatusObject } from "../api-error.ts";
import type { KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { notFound } from "../status-errors.ts";
import { semanticEqual } from "../strategies/semantic-equal.ts";
import { mutateByAdmission, validateByAdmission } from "./admit.ts";
import type { DeleteOptions } from "./api.ts";
import type { ApiContext } from "./api-context.ts";
import { type DefaultPropagation, finalizersForDeletion } from "./delete-finalizers.ts";
import { checkDeletePreconditions } from "./delete-preconditions.ts";
import { timeText } from "./time-text.ts";

/** How a deletion went. */
export interface Deleted {
  /** The object as it is now, or as it was last. */
  readonly object: KubeObject;
  /** False while it waits for its grace period or its finalizers. */
  readonly removed: boolean;
  /** Whether it was already being deleted and nothing has changed. */
  readonly pending: boolean;
}

/** What is written before an object goes, if anything; `removes` when nothing holds it. */
interface Plan {
  readonly marked: KubeObject | undefined;
  readonly removes: boolean;
  readonly pending: boolean;
}

/**
 * Deletes one object, following registry/generic/registry/store.go (Delete) and registry/rest/delete.go (BeforeDelete).
 * @throws ApiError
 */
export function deleteObject(context: ApiContext, info: RequestInfo, options: DeleteOptions): Deleted {
  const { resource, name } = info;
  const namespace = resource.namespaced ? info.namespace : "";
  const old = context.store.get(resource, namespace, name);
  if (old === undefined) throw notFound(resource, name);
  checkDeletePreconditions(resource, old, options.preconditions ?? {});
  const { dryRun = false } = options;
  const admitted = { info, operation: "DELETE", object: undefined, old, dryRun } as const;
  const plan = planDeletion(context, resource, old, options);
  if (plan.pending) return { object: old, removed: false, pending: true };
  mutateByAdmission(context, admitted);
  validateByAdmission(context, admitted);
  if (dryRun) return { object: plan.marked ?? old, removed: plan.removes, pending: false };
  const { marked } = plan;
  // Waiting on is no change.
  const isChanged = marked !== undefined && !semanticEqual(marked, old);
  const now = isChanged ? context.store.update(resource, marked) : old;
  if (!plan.removes) return { object: now, removed: false, pending: false };
  return { object: context.store.delete(resource, namespace, name), removed: true, pending: false };
}

function planDeletion(context: ApiContext, resource: ResourceInfo, old: KubeObject, options: DeleteOptions): Plan {
  const strategy = context.strategyFor(resource);
  const byDefault: DefaultPropagation =
    resource.storageKey === "events" ? "Unsupported" : (strategy.defaultPropagation ?? "Background");
  const nowMs = context.clock.nowMs();
  const graceful = gracefully(context, resource, old, options.gracePeriodSeconds, nowMs);
  if (graceful === "pending") return { marked: undefined, removes: false, pending: true };
  const finalizers = finalizersForDeletion(graceful ?? old, options, byDefault);
  if (graceful !== undefined) {
    const held = finalizers.length > 0 || (graceful.metadata.deletionGracePeriodSeconds ?? 0) > 0;
    return { marked: withFinalizers(graceful, finalizers), removes: !held, pending: false };
  }
  if (finalizers.length === 0) return { marked: undefined, removes: true, pending: false };
  return { marked: withFinalizers(markedAsDeleting(old, nowMs), finalizers), removes: false, pending: false };
}

/**
 * The object with the time at which its grace ends; "pending" if it has an earlier one already; undefined if its kind, or
 * this object, has no grace (left).
 */
function gracefully(
  context: ApiContext,
  resource: ResourceInfo,
  old: KubeObject,
  requested: number | undefined,
  nowMs: number,
): KubeObject | "pending" | undefined {
  const strategy = context.strategyFor(resource);
  if (strategy.gracePeriodSeconds === undefined) return undefined;
  // A negative period counts as one second.
  const seconds = requested !== undefined && requested < 0 ? 1 : requested;
  if (old.metadata.deletionTimestamp !== undefined) return shortened(old, seconds, nowMs);
  const grace = strategy.gracePeriodSeconds(old, seconds);
  if (grace === undefined) return undefined;
  const { generation } = old.metadata;
  const metadata = {
    ...old.metadata,
    deletionTimestamp: timeText(nowMs + grace * 1000),
    deletionGracePeriodSeconds: grace,
    ...(generation !== undefined && generation > 0 && { generation: generation + 1 }),
  };
  return { ...old, metadata };
}

/** A deletion under way can only be made to come sooner. */
function shortened(old: KubeObject, seconds: number | undefined, nowMs: number): KubeObject | "pending" | undefined {
  const { deletionTimestamp = "", deletionGracePeriodSeconds: grace = 0 } = old.metadata;
  if (grace === 0) return undefined;
  if (seconds === undefined || seconds >= grace) return "pending";
  const endMs = Date.parse(deletionTimestamp) + (seconds - grace) * 1000;
  // A grace that has passed is not shortened to zero: whoever watches still has the last word.
  const left = endMs < nowMs && seconds !== 0 ? 1 : seconds;
  const metadata = {
    ...old.metadata,
    deletionTimestamp: timeText(Math.max(endMs, nowMs)),
    deletionGracePeriodSeconds: left,
  };
  return { ...old, metadata };
}

/** An object without grace that waits for its finalizers (store.go, markAsDeleting). */
function markedAsDeleting(old: KubeObject, nowMs: number): KubeObject {
  const { deletionTimestamp, generation } = old.metadata;
  const isFirst = deletionTimestamp === undefined;
  const isLater = !isFirst && Date.parse(deletionTimestamp) > nowMs;
  const metadata = {
    ...old.metadata,
    ...((isFirst || isLater) && { deletionTimestamp: timeText(nowMs) }),
    ...(isFirst && generation !== undefined && generation > 0 && { generation: generation + 1 }),
    deletionGracePeriodSeconds: 0,
  };
  return { ...old, metadata };
}

function withFinalizers(object: KubeObject, finalizers: readonly string[]): KubeObject {
  const { finalizers: before = [], ...metadata } = object.metadata;
  if (before.length === finalizers.length && before.every((name) => finalizers.includes(name))) return object;
  return { ...object, metadata: { ...metadata, ...(finalizers.length > 0 && { finalizers: [...finalizers] }) } };
}

/** Kinds whose DELETE answers with the object that is gone (ReturnDeletedObject in pkg/registry). */
const answersWithObject = new Set([
  "namespaces",
  "persistentvolumeclaims",
  "persistentvolumes",
  "pods",
  "podtemplates",
  "resourcequotas",
  "serviceaccounts",
  "services",
  "csidrivers.storage.k8s.io",
  "csinodes.storage.k8s.io",
  "storageclasses.storage.k8s.io",
  "volumeattachments.storage.k8s.io",
  "resourceslices.resource.k8s.io",
]);

/** What a DELETE answers (store.go, finalizeDelete): the object while it lives on, else for most kinds what it was. */
export function deletionAnswer(
  resource: ResourceInfo,
  { object, removed, pending }: Deleted,
): KubeObject | StatusObject {
  if ((!removed && !pending) || answersWithObject.has(resource.storageKey)) return object;
  const { name = "", uid = "" } = object.metadata;
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name, ...(resource.group !== "" && { group: resource.group }), kind: resource.resource, uid },
  };
}
