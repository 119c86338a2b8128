import { formatLabelRequirements, labelSelectorRequirements, SelectorError } from "@hollowfleet/wire";
import type { KubeObject, ObjectMeta } from "../../object.ts";
import type { ResourceInfo } from "../../resources/resource-info.ts";
import { badRequest } from "../../status-errors.ts";
import { valueAt } from "../json-value.ts";

/** autoscaling/v1 Scale of a workload (scaleFromDeployment and its siblings in pkg/registry). @throws ApiError BadRequest */
export function scaleOf(resource: ResourceInfo, workload: KubeObject): KubeObject {
  const { name = "", namespace = "", uid = "", resourceVersion = "", creationTimestamp } = workload.metadata;
  const metadata: ObjectMeta = {
    name,
    namespace,
    uid,
    resourceVersion,
    ...(creationTimestamp !== undefined && { creationTimestamp }),
  };
  const replicas = Number(valueAt(workload, ["spec", "replicas"]) ?? 0);
  const selector = selectorText(resource, valueAt(workload, ["spec", "selector"]));
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata,
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: Number(valueAt(workload, ["status", "replicas"]) ?? 0),
      ...(selector !== "" && { selector }),
    },
  };
}

function selectorText({ storageKey }: ResourceInfo, selector: unknown): string {
  if (typeof selector !== "object" || selector === null) return "";
  // That of a ReplicationController is a plain map.
  const asSelector =
    storageKey === "replicationcontrollers" ? { matchLabels: selector as Record<string, string> } : selector;
  try {
    return formatLabelRequirements(labelSelectorRequirements(asSelector));
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}
