import { controllerReference, nameOf, namespaceOf, withMetadata, withSpec } from "../objects/meta.ts";
import type { Deployment, ReplicaSet } from "../objects/types.ts";
import {
  desiredReplicasAnnotation,
  fenceposts,
  hashLabel,
  maxReplicasAnnotation,
  replicasOf,
  revisionAnnotation,
  revisionHistoryAnnotation,
  revisionOf,
  templateText,
} from "./replica-sets.ts";

/** Characters of generated names, without those that could spell words (apimachinery, util/rand). */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";
/** DNS-1123 subdomain. */
const longestName = 253;

/**
 * The hash of a template and a collision count, as it appears in names: FNV-1a, as upstream. Upstream hashes Go's dump
 * of the struct, so the values differ from the real controller's; the length and the characters do not.
 */
function templateHash(template: string, collisions: number | undefined): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(collisions === undefined ? template : `${template}#${collisions}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return [...String(hash)].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join("");
}

/** Annotations of the Deployment that its ReplicaSets do not inherit. */
const notCopied: ReadonlySet<string> = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  revisionAnnotation,
  revisionHistoryAnnotation,
  desiredReplicasAnnotation,
  maxReplicasAnnotation,
  "deprecated.deployment.rollback.to",
]);

function inherited(deployment: Deployment): Record<string, string> {
  const entries = Object.entries(deployment.metadata?.annotations ?? {});
  return Object.fromEntries(entries.filter(([key]) => !notCopied.has(key)));
}

/** What tells a later scaling how large the Deployment was meant to be. */
export function sizeAnnotations(deployment: Deployment): Record<string, string> {
  const replicas = replicasOf(deployment);
  return {
    [desiredReplicasAnnotation]: String(replicas),
    [maxReplicasAnnotation]: String(replicas + fenceposts(deployment).surge),
  };
}

/** The ReplicaSet for a template that has none yet. */
export function newReplicaSet(deployment: Deployment, revision: number, replicas: number): ReplicaSet {
  const hash = templateHash(templateText(deployment.spec?.template), deployment.status?.collisionCount);
  const template = deployment.spec?.template ?? {};
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const selector = deployment.spec?.selector ?? {};
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${nameOf(deployment).slice(0, longestName - 1 - hash.length)}-${hash}`,
      namespace: namespaceOf(deployment),
      labels,
      annotations: {
        ...inherited(deployment),
        ...sizeAnnotations(deployment),
        [revisionAnnotation]: String(revision),
      },
      ownerReferences: [controllerReference(deployment, "apps/v1", "Deployment")],
    },
    spec: {
      replicas,
      ...(deployment.spec?.minReadySeconds && { minReadySeconds: deployment.spec.minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

/**
 * The present ReplicaSet with the Deployment's annotations, its revision (raised when an old template comes back) and
 * minReadySeconds; undefined when it has them already (SetNewReplicaSetAnnotations).
 */
export function synced(deployment: Deployment, current: ReplicaSet, revision: number): ReplicaSet | undefined {
  const before = current.metadata?.annotations ?? {};
  const annotations: Record<string, string> = { ...before, ...inherited(deployment) };
  if (revisionOf(current) < revision) {
    annotations[revisionAnnotation] = String(revision);
    const earlier = before[revisionAnnotation];
    if (earlier !== undefined) annotations[revisionHistoryAnnotation] = joinHistory(before, earlier);
  }
  const minReadySeconds = deployment.spec?.minReadySeconds ?? 0;
  const isSame =
    minReadySeconds === (current.spec?.minReadySeconds ?? 0) &&
    Object.entries(annotations).every(([key, value]) => before[key] === value);
  if (isSame) return undefined;
  return withSpec(withMetadata(current, { annotations }), { minReadySeconds });
}

function joinHistory(annotations: Readonly<Record<string, string>>, earlier: string): string {
  const history = annotations[revisionHistoryAnnotation];
  return history === undefined || history === "" ? earlier : `${history},${earlier}`;
}
