import { known, listObjects } from "../auth/known-resources.ts";
import type { KubeObject } from "../object.ts";
import type { Store } from "../store/store.ts";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import { isAbout, refused } from "./admission-request.ts";
import { type Limit, limitFaults } from "./limit-checks.ts";
import { type MutableContainer, podSpec, type ResourceList } from "./mutable-pod.ts";

// Rules and words of plugin/pkg/admission/limitranger/admission.go.

/** What this plugin did to a pod, for whoever wonders. */
const annotation = "kubernetes.io/limit-ranger";

function limitsOf(range: KubeObject): readonly Limit[] {
  return (range["spec"] as { limits?: readonly Limit[] } | undefined)?.limits ?? [];
}

/** Whether a LimitRange has anything to say about a request. */
function isCovered(request: AdmissionRequest): boolean {
  if (request.old?.metadata.deletionTimestamp !== undefined) return false;
  if (isAbout(request, "", "pods")) return request.operation === "CREATE";
  return request.operation !== "DELETE" && isAbout(request, "", "persistentvolumeclaims");
}

function rangesOf({ info }: AdmissionRequest, store: Store): readonly KubeObject[] {
  return listObjects(store, known.limitranges, info.namespace);
}

/** Adds what is missing; returns the names of what was added. */
function addMissing(
  container: MutableContainer,
  kind: "limits" | "requests",
  defaults: ResourceList,
): readonly string[] {
  const own = container.resources?.[kind] ?? {};
  const missing = Object.entries(defaults).filter(([name]) => own[name] === undefined);
  if (missing.length === 0) return [];
  container.resources = { ...container.resources, [kind]: { ...own, ...Object.fromEntries(missing) } };
  return missing.map(([name]) => name).sort();
}

function setDefaults(pod: KubeObject, limits: readonly Limit[]): void {
  const ofContainers = limits.filter(({ type }) => type === "Container");
  const requests: ResourceList = Object.assign({}, ...ofContainers.map(({ defaultRequest }) => defaultRequest));
  const maxima: ResourceList = Object.assign({}, ...ofContainers.map((limit) => limit.default));
  const spec = podSpec(pod);
  const done: string[] = [];
  const apply = (container: MutableContainer, word: string): void => {
    const addedLimits = addMissing(container, "limits", maxima);
    const addedRequests = addMissing(container, "requests", requests);
    if (addedRequests.length > 0) done.push(`${addedRequests.join(", ")} request for ${word} ${container.name}`);
    if (addedLimits.length > 0) done.push(`${addedLimits.join(", ")} limit for ${word} ${container.name}`);
  };
  for (const container of spec.containers ?? []) apply(container, "container");
  for (const container of spec.initContainers ?? []) apply(container, "init container");
  if (done.length === 0) return;
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [annotation]: `LimitRanger plugin set: ${done.join("; ")}`,
  };
}

/** Gives containers the resources that the namespace's LimitRanges say, and refuses what is outside of them. */
export const limitRanger: AdmissionPlugin = {
  name: "LimitRanger",
  mutate(request, store) {
    const { object } = request;
    if (object === undefined || !isCovered(request) || !isAbout(request, "", "pods")) return;
    for (const range of rangesOf(request, store)) setDefaults(object, limitsOf(range));
  },
  validate(request, store) {
    const { object } = request;
    if (object === undefined || !isCovered(request)) return;
    const isPod = isAbout(request, "", "pods");
    for (const range of rangesOf(request, store)) {
      const faults = [...new Set(limitsOf(range).flatMap((limit) => limitFaults(limit, object, isPod)))];
      if (faults.length > 0) throw refused(request, faults.length === 1 ? `${faults[0]}` : `[${faults.join(", ")}]`);
    }
  },
};
