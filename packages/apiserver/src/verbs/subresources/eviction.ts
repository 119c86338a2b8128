import { labelSelectorMatches, SelectorError } from "@hollowfleet/wire";
import { ApiError } from "../../api-error.ts";
import type { KubeObject } from "../../object.ts";
import type { RequestInfo } from "../../request-info.ts";
import { findResource } from "../../resources/all-resources.ts";
import { badRequest, notFound } from "../../status-errors.ts";
import { mutateByAdmission, validateByAdmission } from "../admit.ts";
import type { DeleteOptions, WriteOptions, WriteResult } from "../api.ts";
import type { ApiContext } from "../api-context.ts";
import { changeObject } from "../change-object.ts";
import { deleteObject } from "../delete-object.ts";
import { checkDeleteOptions, checkDeletePreconditions } from "../delete-preconditions.ts";
import { cloneJson, members, valueAt } from "../json-value.ts";
import { partStrategy } from "../part-strategy.ts";
import { checkBody, ensureNamespace } from "../request-body.ts";
import { allowsUnhealthy, takeDisruption } from "./disruption-budget.ts";
import { withPodCondition } from "./pod-condition.ts";
import { created } from "./success.ts";

/** POST pods/NAME/eviction: deletes a pod if its disruption budget allows (pkg/registry/core/pod/storage/eviction.go). */
export function evictPod(
  context: ApiContext,
  info: RequestInfo,
  eviction: KubeObject,
  { dryRun = false }: WriteOptions,
): WriteResult {
  checkBody(info, eviction);
  ensureNamespace(info, eviction);
  const request = { info, operation: "CREATE", object: eviction, old: undefined, dryRun } as const;
  mutateByAdmission(context, request);
  if ((eviction.metadata.name ?? "") !== info.name)
    throw badRequest("name in URL does not match name in Eviction object");
  validateByAdmission(context, request);
  const options = deleteOptionsOf(eviction, dryRun);
  checkDeleteOptions(options);
  const pod = context.store.get(info.resource, info.namespace, info.name);
  if (pod === undefined) throw notFound(info.resource, info.name);
  if (needsBudget(pod)) claimDisruption(context, info, pod, options.dryRun === true);
  deleteEvicted(context, info, pod, options);
  return created;
}

/** The body's deleteOptions; its dryRun is a list of texts, as in the query. */
function deleteOptionsOf(eviction: KubeObject, dryRun: boolean): DeleteOptions {
  const { dryRun: listed, ...options } = members(eviction["deleteOptions"]) as DeleteOptions & { dryRun?: unknown };
  return { ...options, dryRun: dryRun || (Array.isArray(listed) && listed.includes("All")) };
}

/** A pod that does not run yet, or no more, disrupts nobody by going. */
function needsBudget(pod: KubeObject): boolean {
  const phase = valueAt(pod, ["status", "phase"]);
  const isIdle = phase === "Succeeded" || phase === "Failed" || phase === "Pending";
  return !isIdle && pod.metadata.deletionTimestamp === undefined;
}

/** @throws ApiError TooManyRequests while the budget of the pod allows no disruption */
function claimDisruption(context: ApiContext, info: RequestInfo, pod: KubeObject, dryRun: boolean): void {
  const budgets = budgetsOf(context, pod);
  const [budget, another] = budgets;
  if (budget === undefined) return;
  if (another !== undefined) {
    const why = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
    throw new ApiError("", why);
  }
  if (!isReady(pod) && allowsUnhealthy(budget)) return;
  const status = takeDisruption(budget, info.name, context.clock.nowMs());
  if (dryRun) return;
  const resource = budgetResource();
  context.store.update(resource, { ...budget, metadata: { ...budget.metadata }, status });
}

function budgetResource(): RequestInfo["resource"] {
  const resource = findResource("policy", "v1", "poddisruptionbudgets");
  if (resource === undefined) throw new ApiError("InternalError", "poddisruptionbudgets are not served");
  return resource;
}

function budgetsOf({ store }: ApiContext, pod: KubeObject): readonly KubeObject[] {
  const { namespace = "", labels } = pod.metadata;
  return store.list(budgetResource(), namespace).filter((budget) => {
    const selector = valueAt(budget, ["spec", "selector"]);
    try {
      return labelSelectorMatches(selector === undefined ? undefined : members(selector), labels);
    } catch (error) {
      // Upstream passes over budgets whose selector is wrong.
      if (error instanceof SelectorError) return false;
      throw error;
    }
  });
}

function isReady(pod: KubeObject): boolean {
  const conditions = valueAt(pod, ["status", "conditions"]);
  return Array.isArray(conditions) && conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

function deleteEvicted(context: ApiContext, info: RequestInfo, pod: KubeObject, options: DeleteOptions): void {
  const { preconditions = {}, dryRun = false } = options;
  checkDeletePreconditions({ group: "", kind: "Pod" }, pod, preconditions);
  const podInfo: RequestInfo = { ...info, subresource: "" };
  // Validated as the eviction that it is; the pod itself may go (rest.ValidateAllObjectFunc).
  const trusted: ApiContext = { ...context, admission: [] };
  if (!dryRun) markDisrupted(trusted, info, pod);
  const { resourceVersion: _, ...uidOnly } = preconditions;
  deleteObject(trusted, podInfo, { ...options, preconditions: uidOnly });
}

/** Condition DisruptionTarget tells the pod's owner why it went. */
function markDisrupted(context: ApiContext, info: RequestInfo, pod: KubeObject): void {
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting",
  };
  const status = withPodCondition(pod, condition, context.clock.nowMs());
  const statusInfo: RequestInfo = { ...info, subresource: "status" };
  changeObject(context, {
    info: statusInfo,
    uid: undefined,
    strategy: partStrategy(context.strategyFor(info.resource), statusInfo),
    dryRun: false,
    allowCreate: false,
    make: () => cloneJson({ ...pod, status }),
  });
}
