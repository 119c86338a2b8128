import { ApiError } from "../../api-error.ts";
import type { KubeObject } from "../../object.ts";
import type { RequestInfo } from "../../request-info.ts";
import { badRequest, conflict, notFound } from "../../status-errors.ts";
import { mutateByAdmission, validateByAdmission } from "../admit.ts";
import type { WriteOptions, WriteResult } from "../api.ts";
import type { ApiContext } from "../api-context.ts";
import { members, valueAt } from "../json-value.ts";
import { checkBody, ensureNamespace } from "../request-body.ts";
import { preconditionError } from "../storage-error.ts";
import { withPodCondition } from "./pod-condition.ts";
import { created } from "./success.ts";

/** POST pods/NAME/binding: gives a pod its node, once (pkg/registry/core/pod/storage/storage.go, BindingREST). */
export function bindPod(
  context: ApiContext,
  info: RequestInfo,
  binding: KubeObject,
  { dryRun = false }: WriteOptions,
): WriteResult {
  checkBody(info, binding);
  ensureNamespace(info, binding);
  const request = { info, operation: "CREATE", object: binding, old: undefined, dryRun } as const;
  mutateByAdmission(context, request);
  if ((binding.metadata.name ?? "") !== info.name)
    throw badRequest("name in URL does not match name in Binding object");
  const nodeName = targetOf(binding);
  validateByAdmission(context, request);
  const pod = context.store.get(info.resource, info.namespace, info.name);
  if (pod === undefined) throw notFound(info.resource, info.name);
  checkBindable(info, binding, pod);
  if (dryRun) return created;
  const stored = context.store.update(info.resource, boundPod(pod, binding, nodeName, context.clock.nowMs()));
  context.noteWrite(info.resource, stored);
  return created;
}

/** @throws ApiError 500 without a reason: upstream lets the faults through as a plain error */
function targetOf(binding: KubeObject): string {
  const { kind = "", name = "" } = members(binding["target"]) as { kind?: string; name?: string };
  if (kind !== "" && kind !== "Node") {
    throw new ApiError(
      "",
      `target.kind: Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`,
    );
  }
  if (name === "") throw new ApiError("", "target.name: Required value");
  return name;
}

function checkBindable({ resource, name }: RequestInfo, { metadata }: KubeObject, pod: KubeObject): void {
  const uid = metadata.uid || undefined;
  const resourceVersion = metadata.resourceVersion || undefined;
  const failed = preconditionError(resource, pod, { uid, resourceVersion });
  if (failed !== undefined) throw failed;
  const refuse = (why: string) => conflict({ ...resource, resource: "pods/binding" }, name, why);
  if (pod.metadata.deletionTimestamp !== undefined) {
    throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  }
  const nodeName = valueAt(pod, ["spec", "nodeName"]);
  if (nodeName) throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(nodeName)}`);
  const gates = valueAt(pod, ["spec", "schedulingGates"]);
  if (Array.isArray(gates) && gates.length > 0) throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
}

/** The pod on its node, with the labels and annotations of the Binding. */
function boundPod(pod: KubeObject, { metadata }: KubeObject, nodeName: string, nowMs: number): KubeObject {
  const labels = { ...pod.metadata.labels, ...metadata.labels };
  const annotations = { ...pod.metadata.annotations, ...metadata.annotations };
  const status = withPodCondition(pod, { type: "PodScheduled", status: "True" }, nowMs);
  // A nomination has served its purpose.
  delete status["nominatedNodeName"];
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: { ...members(pod["spec"]), nodeName },
    status,
  };
}
