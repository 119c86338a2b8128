import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import { semanticEqual } from "../semantic-equal.ts";
import type { Strategy, UpdateStrategy } from "../strategy.ts";
import { type FieldErrors, forbidden } from "../validation/field-error.ts";
import { as, countGeneration, keep, startGeneration, timeText } from "../views.ts";
import { aliasServiceAccount, setPodDefaults } from "./pod-defaults.ts";
import { qosClass } from "./qos.ts";
import { validatePodAnnotations, validatePodAnnotationUpdate } from "./validate-annotations.ts";
import { validateImageSpace } from "./validate-containers.ts";
import { validatePodSpec } from "./validate-pod-spec.ts";
import { validatePodStatus } from "./validate-pod-status.ts";
import { validatePodSpecUpdate } from "./validate-pod-update.ts";

// pkg/registry/core/pod/strategy.go

/** Both on create and on update. */
function validatePod(object: KubeObject): FieldErrors {
  const { metadata, spec } = as<json.Pod & Required<Pick<json.Pod, "metadata" | "spec">>>(object);
  return [
    ...validatePodAnnotations("metadata.annotations", metadata.annotations, spec.nodeName),
    ...validatePodSpec(spec, { field: "spec", isPod: true, podName: metadata.name ?? "" }),
    ...validateTokens(spec),
    ...(spec.containers ?? []).flatMap((container, index) =>
      validateImageSpace(`spec.containers[${index}]`, container),
    ),
    ...(spec.initContainers ?? []).flatMap((container, index) =>
      validateImageSpace(`spec.initContainers[${index}]`, container),
    ),
  ];
}

/** There is no token without a ServiceAccount. */
function validateTokens(spec: json.PodSpec): FieldErrors {
  if (spec.serviceAccountName) return [];
  return (spec.volumes ?? []).flatMap(({ projected }, volume) =>
    (projected?.sources ?? []).flatMap(({ serviceAccountToken }, source) => {
      if (serviceAccountToken === undefined) return [];
      const path = `spec.volumes[${volume}].projected.sources[${source}].serviceAccountToken`;
      return [forbidden(path, "must not be specified when serviceAccountName is not set")];
    }),
  );
}

function validateCreate(object: KubeObject): FieldErrors {
  const spec = as<json.Pod>(object).spec ?? ({} as json.PodSpec);
  const isGated = spec.nodeName && (spec.schedulingGates ?? []).length > 0;
  const hasEphemerals = (spec.ephemeralContainers ?? []).length > 0;
  return [
    ...validatePod(object),
    ...(hasEphemerals ? [forbidden("spec.ephemeralContainers", "cannot be set on create")] : []),
    ...(isGated ? [forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared")] : []),
  ];
}

function validateUpdate(object: KubeObject, old: KubeObject): FieldErrors {
  const pod = as<json.Pod>(object);
  const before = as<json.Pod>(old);
  return [
    ...validatePod(object),
    ...validatePodAnnotationUpdate(pod.metadata?.annotations, before.metadata?.annotations),
    ...validatePodSpecUpdate(pod.spec ?? ({} as json.PodSpec), before.spec ?? ({} as json.PodSpec)),
  ];
}

function newStatus(spec: json.PodSpec, nowMs: number): json.PodStatus {
  const isGated = (spec.schedulingGates ?? []).length > 0;
  const gated: json.PodCondition = {
    type: "PodScheduled",
    status: "False",
    lastProbeTime: null,
    lastTransitionTime: timeText(nowMs),
    reason: "SchedulingGated",
    message: "Scheduling is blocked due to non-empty scheduling gates",
  };
  return { phase: "Pending", qosClass: qosClass(spec), ...(isGated && { conditions: [gated] }) };
}

/** What a client leaves out of observedGeneration stays as it was; conditions may repeat a type. */
function keepObservedGenerations(status: json.PodStatus, old: json.PodStatus): void {
  if (!status.observedGeneration && old.observedGeneration) status.observedGeneration = old.observedGeneration;
  const before = [...(old.conditions ?? [])];
  for (const condition of status.conditions ?? []) {
    const index = before.findIndex(({ type }) => type === condition.type);
    const [known] = index < 0 ? [] : before.splice(index, 1);
    if (!condition.observedGeneration && known?.observedGeneration) {
      condition.observedGeneration = known.observedGeneration;
    }
  }
}

function prepareForStatusUpdate(object: KubeObject, old: KubeObject): void {
  keep("spec", object, old);
  // Taken away by those who delete, never by those who report (podStatusStrategy.PrepareForUpdate).
  const { ownerReferences, deletionTimestamp } = old.metadata;
  delete object.metadata.ownerReferences;
  if (ownerReferences !== undefined) object.metadata.ownerReferences = ownerReferences;
  delete object.metadata.deletionTimestamp;
  if (deletionTimestamp !== undefined) object.metadata.deletionTimestamp = deletionTimestamp;
  const pod = as<json.Pod>(object);
  pod.status ??= {};
  const before = as<json.Pod>(old).status ?? {};
  if (!pod.status.qosClass && before.qosClass) pod.status.qosClass = before.qosClass;
  keepObservedGenerations(pod.status, before);
}

/** pkg/registry/core/pod/strategy.go, CheckGracefulDelete: nobody waits for a pod that never ran or has ended. */
function gracePeriodSeconds(object: KubeObject, requested: number | undefined): number {
  const { spec, status } = as<json.Pod>(object);
  const isOver = status?.phase === "Failed" || status?.phase === "Succeeded";
  if (!spec?.nodeName || isOver) return 0;
  const seconds = requested ?? spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds;
}

function selectableFields(object: KubeObject): Record<string, string> {
  const { spec, status } = as<json.Pod>(object);
  return {
    "spec.nodeName": spec?.nodeName ?? "",
    "spec.restartPolicy": spec?.restartPolicy ?? "",
    "spec.schedulerName": spec?.schedulerName ?? "",
    "spec.serviceAccountName": spec?.serviceAccountName ?? "",
    "spec.hostNetwork": String(spec?.hostNetwork === true),
    "status.phase": status?.phase ?? "",
    "status.podIP": status?.podIPs?.[0]?.ip ?? "",
    "status.nominatedNodeName": status?.nominatedNodeName ?? "",
  };
}

/** Debugging containers are only ever added. */
const ephemeralContainers: UpdateStrategy = {
  prepareForUpdate(object, old) {
    const added = as<json.Pod>(object).spec?.ephemeralContainers;
    keep("status", object, old);
    const spec = { ...as<json.Pod>(old).spec } as json.PodSpec;
    if (added === undefined) delete spec.ephemeralContainers;
    else spec.ephemeralContainers = added;
    object["spec"] = spec;
    countGeneration(object, old);
  },
  validateUpdate(object, old) {
    const containers = as<json.Pod>(object).spec?.ephemeralContainers ?? [];
    return [
      ...validatePod(object),
      ...(as<json.Pod>(old).spec?.ephemeralContainers ?? []).flatMap((before) => {
        const now = containers.find(({ name }) => name === before.name);
        const text = `existing ephemeral containers ${JSON.stringify(before.name)} may not be`;
        if (now === undefined) return [forbidden("spec.ephemeralContainers", `${text} removed\n`)];
        return semanticEqual(before, now) ? [] : [forbidden("spec.ephemeralContainers", `${text} changed\n`)];
      }),
    ];
  },
};

export const podStrategy: Strategy = {
  defaults: (object) => setPodDefaults(as<json.Pod>(object)),
  prepareForCreate(object, { nowMs }) {
    startGeneration(object);
    const spec = as<json.Pod>(object).spec ?? ({} as json.PodSpec);
    aliasServiceAccount(spec);
    object["status"] = newStatus(spec, nowMs);
  },
  validate: validateCreate,
  prepareForUpdate(object, old) {
    keep("status", object, old);
    aliasServiceAccount(as<json.Pod>(object).spec ?? ({} as json.PodSpec));
    countGeneration(object, old);
  },
  validateUpdate,
  prepareForStatusUpdate,
  validateStatusUpdate(object, old) {
    const [pod, before] = [as<json.Pod>(object), as<json.Pod>(old)];
    return [
      ...validatePodAnnotationUpdate(pod.metadata?.annotations, before.metadata?.annotations),
      ...validatePodStatus(pod, before),
    ];
  },
  subresources: { ephemeralcontainers: ephemeralContainers },
  gracePeriodSeconds,
  selectableFields,
};
