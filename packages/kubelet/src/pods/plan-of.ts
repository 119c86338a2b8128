import { type Container, type Pod, type PodSpec, type Probe, parseQuantity, quantityToNumber } from "@hollowfleet/wire";
import { type BehaviourSubject, type ContainerBehaviour, readBehaviour } from "./annotations.ts";
import { quantityTexts } from "./api-status.ts";
import type { ContainerPlan, ContainerRole, NodeTerm, PodPlan, ProbePlan } from "./pod-plan.ts";
import { referencedObjects, tokenSources, tokenVolumeOf } from "./pod-volumes.ts";

/** How long containers run that are to end and do not say when: app containers, init containers. */
const appRunTimeMs = 3000;
const initRunTimeMs = 1000;

/** Strings that recur from pod to pod are kept once per process. */
const interned = new Map<string, string>();
const maxInterned = 10_000;

function intern(text: string): string {
  const known = interned.get(text);
  if (known !== undefined) return known;
  if (interned.size >= maxInterned) interned.clear();
  interned.set(text, text);
  return text;
}

/** Equal plans of pods from one template are kept once: most of a pod's memory. */
const shared = new Map<string, unknown>();

function share<T>(value: T): T {
  const key = JSON.stringify(value);
  const known = shared.get(key);
  if (known !== undefined) return known as T;
  if (shared.size >= maxInterned) shared.clear();
  shared.set(key, value);
  return value;
}

function roleOf(container: Container, init: boolean): ContainerRole {
  if (!init) return "app";
  return container.restartPolicy === "Always" ? "sidecar" : "init";
}

function probe(from: Probe | undefined): ProbePlan | undefined {
  if (from === undefined) return undefined;
  return {
    initialDelayMs: (from.initialDelaySeconds ?? 0) * 1000,
    periodMs: (from.periodSeconds || 10) * 1000,
    successThreshold: from.successThreshold || 1,
  };
}

function containerPlan(
  spec: PodSpec,
  from: Container,
  role: ContainerRole,
  behaviour: ContainerBehaviour,
  tokenVolume: string,
): ContainerPlan {
  const gid = from.securityContext?.runAsGroup ?? spec.securityContext?.runAsGroup ?? 0;
  const groups = new Set([gid, ...(spec.securityContext?.supplementalGroups ?? [])]);
  if (spec.securityContext?.fsGroup !== undefined) groups.add(spec.securityContext.fsGroup);
  return {
    name: intern(from.name ?? ""),
    image: intern(from.image ?? ""),
    role,
    mounts: (from.volumeMounts ?? []).map((mount) => ({
      name: mount.name === tokenVolume ? "" : (mount.name ?? ""),
      mountPath: intern(mount.mountPath ?? ""),
      readOnly: mount.readOnly ?? false,
    })),
    limits: quantityTexts(from.resources?.limits),
    requests: quantityTexts(from.resources?.requests),
    uid: from.securityContext?.runAsUser ?? spec.securityContext?.runAsUser ?? 0,
    gid,
    groups: [...groups],
    readiness: probe(from.readinessProbe),
    startup: probe(from.startupProbe),
    behaviour,
  };
}

/** cpu in milli, everything else in whole units, rounded up: what the kubelet's admission counts in. */
export function resourceAmount(name: string, quantity: string): number {
  const value = quantityToNumber(parseQuantity(quantity));
  return Math.ceil(name === "cpu" ? value * 1000 : value);
}

function add(to: Record<string, number>, requests: ContainerPlan["requests"]): void {
  for (const [name, quantity] of Object.entries(requests ?? {})) {
    to[name] = (to[name] ?? 0) + resourceAmount(name, quantity);
  }
}

/** App containers and sidecars together, or the hungriest init container, whichever is more (component-helpers PodRequests). */
function podRequests(spec: PodSpec, containers: readonly ContainerPlan[]): Readonly<Record<string, number>> {
  const total: Record<string, number> = {};
  const sidecars: Record<string, number> = {};
  const peak: Record<string, number> = {};
  for (const container of containers) {
    if (container.role !== "init") add(total, container.requests);
    if (container.role === "sidecar") add(sidecars, container.requests);
    if (container.role !== "init") continue;
    const now = { ...sidecars };
    add(now, container.requests);
    for (const [name, amount] of Object.entries(now)) peak[name] = Math.max(peak[name] ?? 0, amount);
  }
  for (const [name, amount] of Object.entries(peak)) total[name] = Math.max(total[name] ?? 0, amount);
  add(total, quantityTexts(spec.overhead));
  return total;
}

function nodeTerms(spec: PodSpec): PodPlan["nodeTerms"] {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required?.nodeSelectorTerms?.map((term): readonly NodeTerm[] => [
    ...(term.matchExpressions ?? []).map((requirement) => nodeTerm(requirement, false)),
    ...(term.matchFields ?? []).map((requirement) => nodeTerm(requirement, true)),
  ]);
}

function nodeTerm(
  from: { readonly key?: string; readonly operator?: string; readonly values?: readonly string[] },
  field: boolean,
): NodeTerm {
  return { key: from.key ?? "", operator: from.operator ?? "", values: from.values ?? [], field };
}

function subjects(
  spec: PodSpec,
  all: readonly { readonly container: Container; readonly role: ContainerRole }[],
): BehaviourSubject[] {
  const ends = spec.restartPolicy === "Never" || spec.restartPolicy === "OnFailure";
  return all.map(({ container, role }) => {
    const appDefault = ends ? appRunTimeMs : undefined;
    const defaultRunTimeMs = role === "init" ? initRunTimeMs : role === "sidecar" ? undefined : appDefault;
    return { name: container.name ?? "", app: role === "app", defaultRunTimeMs };
  });
}

/** What the hollow kubelet acts on, out of a pod as the API server sent it. */
export function planOf(pod: Pod): PodPlan {
  const spec = pod.spec ?? {};
  const all = [
    ...(spec.initContainers ?? []).map((container) => ({ container, role: roleOf(container, true) })),
    ...(spec.containers ?? []).map((container) => ({ container, role: roleOf(container, false) })),
  ];
  const tokenVolume = tokenVolumeOf(spec);
  const behaviour = readBehaviour(pod.metadata?.annotations ?? {}, subjects(spec, all));
  const containers = all.map(({ container, role }, index) => {
    const own = behaviour.containers[index];
    if (own === undefined) throw new RangeError("a behaviour is missing");
    return containerPlan(spec, container, role, own, tokenVolume);
  });
  const policy = spec.restartPolicy;
  return {
    namespace: intern(pod.metadata?.namespace ?? ""),
    name: pod.metadata?.name ?? "",
    uid: pod.metadata?.uid ?? "",
    restartPolicy: policy === "Never" || policy === "OnFailure" ? policy : "Always",
    hostNetwork: spec.hostNetwork ?? false,
    activeDeadlineMs: spec.activeDeadlineSeconds === undefined ? undefined : spec.activeDeadlineSeconds * 1000,
    readinessGates: share((spec.readinessGates ?? []).map(({ conditionType }) => conditionType ?? "")),
    containers: share(containers),
    tokenVolume,
    initCount: spec.initContainers?.length ?? 0,
    behaviour: share(behaviour.pod),
    serviceAccount: intern(spec.serviceAccountName || "default"),
    tokens: share(tokenSources(spec)),
    objects: share(referencedObjects(spec)),
    requests: share(podRequests(spec, containers)),
    nodeSelector:
      spec.nodeSelector !== undefined && Object.keys(spec.nodeSelector).length > 0 ? spec.nodeSelector : undefined,
    nodeTerms: nodeTerms(spec),
  };
}
