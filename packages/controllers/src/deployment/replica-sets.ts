import { canonicalJson } from "../objects/canonical.ts";
import { scaled } from "../objects/int-or-percent.ts";
import { byAge } from "../objects/meta.ts";
import type { Deployment, PodTemplateSpec, ReplicaSet } from "../objects/types.ts";

export const revisionAnnotation = "deployment.kubernetes.io/revision";
export const revisionHistoryAnnotation = "deployment.kubernetes.io/revision-history";
export const desiredReplicasAnnotation = "deployment.kubernetes.io/desired-replicas";
export const maxReplicasAnnotation = "deployment.kubernetes.io/max-replicas";
export const hashLabel = "pod-template-hash";

/** The ReplicaSets of a Deployment: the one with its present template, and those of earlier ones, oldest first. */
export interface ReplicaSets {
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

/** FindNewReplicaSet (pkg/controller/deployment/util): of several with the same template the oldest counts. */
export function sortOut(deployment: Deployment, replicaSets: readonly ReplicaSet[]): ReplicaSets {
  const byAgeFirst = [...replicaSets].sort(byAge);
  const wanted = templateText(deployment.spec?.template);
  const current = byAgeFirst.find((replicaSet) => templateText(replicaSet.spec?.template) === wanted);
  return { current, old: byAgeFirst.filter((replicaSet) => replicaSet !== current) };
}

const templateTexts = new WeakMap<object, string>();

/** One text for equal templates, apart from the label that tells ReplicaSets' pods apart. */
export function templateText(template: PodTemplateSpec | undefined): string {
  if (template === undefined) return "";
  const known = templateTexts.get(template);
  if (known !== undefined) return known;
  const { [hashLabel]: _hash, ...labels } = template.metadata?.labels ?? {};
  const text = canonicalJson({ ...template, metadata: { ...template.metadata, labels } });
  templateTexts.set(template, text);
  return text;
}

export function replicasOf(object: Deployment | ReplicaSet): number {
  return object.spec?.replicas ?? 1;
}

export function sum(replicaSets: readonly ReplicaSet[], countOf: (replicaSet: ReplicaSet) => number): number {
  return replicaSets.reduce((total, replicaSet) => total + countOf(replicaSet), 0);
}

/** The revision that a ReplicaSet bears; 0 for none. */
export function revisionOf(replicaSet: ReplicaSet): number {
  const revision = Number(replicaSet.metadata?.annotations?.[revisionAnnotation] ?? 0);
  return Number.isSafeInteger(revision) ? revision : 0;
}

export function isRolling(deployment: Deployment): boolean {
  return deployment.spec?.strategy?.type !== "Recreate";
}

/** How far a rolling update may go above and below the wanted number; never both zero (ResolveFenceposts). */
export function fenceposts(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  if (!isRolling(deployment)) return { surge: 0, unavailable: 0 };
  const replicas = replicasOf(deployment);
  const { maxSurge = "25%", maxUnavailable = "25%" } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const surge = scaled(maxSurge, replicas, "up");
  const unavailable = scaled(maxUnavailable, replicas, "down");
  if (surge === 0 && unavailable === 0) return { surge, unavailable: Math.min(1, replicas) };
  return { surge, unavailable: Math.min(unavailable, replicas) };
}
