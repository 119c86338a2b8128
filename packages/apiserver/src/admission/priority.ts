import { findObject, known, listObjects } from "../auth/known-resources.ts";
import type { KubeObject } from "../object.ts";
import type { Store } from "../store/store.ts";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import { isAbout, refused } from "./admission-request.ts";
import { type MutablePodSpec, podSpec } from "./mutable-pod.ts";

// Rules and words of plugin/pkg/admission/priority/admission.go.

/** scheduling.k8s.io/v1 PriorityClass in its JSON form. */
interface PriorityClass extends KubeObject {
  /** Absent for 0. */
  readonly value?: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: string;
}

/** Of several, the lowest. */
function defaultClass(store: Store): PriorityClass | undefined {
  const classes = listObjects(store, known.priorityclasses) as readonly PriorityClass[];
  return classes
    .filter(({ globalDefault }) => globalDefault)
    .reduce<PriorityClass | undefined>(
      (lowest, next) => (lowest === undefined || (next.value ?? 0) < (lowest.value ?? 0) ? next : lowest),
      undefined,
    );
}

interface Priority {
  readonly className: string;
  readonly value: number;
  readonly preemptionPolicy: string | undefined;
}

function priorityOf(request: AdmissionRequest, store: Store, className: string): Priority {
  const found = className === "" ? defaultClass(store) : findObject(store, known.priorityclasses, "", className);
  if (found === undefined && className !== "") {
    throw refused(request, `no PriorityClass with name ${className} was found`);
  }
  if (found === undefined) return { className: "", value: 0, preemptionPolicy: "PreemptLowerPriority" };
  const { metadata, value = 0, preemptionPolicy } = found as PriorityClass;
  return { className: metadata.name ?? "", value, preemptionPolicy };
}

function setPriority(request: AdmissionRequest, store: Store, spec: MutablePodSpec): void {
  const { className, value, preemptionPolicy } = priorityOf(request, store, spec.priorityClassName ?? "");
  const mustNot = "must not be provided in pod spec; priority admission controller computed";
  const ofClass = "from the given PriorityClass name";
  if (spec.priority !== undefined && spec.priority !== value) {
    throw refused(request, `the integer value of priority (${spec.priority}) ${mustNot} ${value} ${ofClass}`);
  }
  if (className !== "") spec.priorityClassName = className;
  spec.priority = value;
  if (preemptionPolicy === undefined) return;
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy) {
    const given = `the string value of PreemptionPolicy (${spec.preemptionPolicy})`;
    throw refused(request, `${given} ${mustNot} ${preemptionPolicy} ${ofClass}`);
  }
  spec.preemptionPolicy = preemptionPolicy;
}

/** Whoever writes a pod back without what this plugin gave it does not take it away. */
function keepPriority(spec: MutablePodSpec, { priority, preemptionPolicy }: MutablePodSpec): void {
  if (priority !== undefined) spec.priority ??= priority;
  if (preemptionPolicy !== undefined) spec.preemptionPolicy ??= preemptionPolicy;
}

export const priority: AdmissionPlugin = {
  name: "Priority",
  mutate(request, store) {
    const { object: pod, old, operation } = request;
    if (pod === undefined || !isAbout(request, "", "pods")) return;
    if (operation === "CREATE") setPriority(request, store, podSpec(pod));
    else if (old !== undefined) keepPriority(podSpec(pod), (old["spec"] ?? {}) as MutablePodSpec);
  },
  validate(request, store) {
    const { object } = request;
    if (object === undefined || !isAbout(request, "scheduling.k8s.io", "priorityclasses")) return;
    if (!(object as PriorityClass).globalDefault) return;
    const other = defaultClass(store)?.metadata.name;
    if (other === undefined || (request.operation === "UPDATE" && other === object.metadata.name)) return;
    throw refused(request, `PriorityClass ${other} is already marked as default. Only one default can exist`);
  },
};
