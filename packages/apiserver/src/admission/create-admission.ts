import type { AccessAuthorizer } from "../auth/auth.ts";
import type { AdmissionPlugin } from "./admission.ts";
import { defaultStorageClass } from "./default-storage-class.ts";
import { defaultTolerationSeconds } from "./default-toleration-seconds.ts";
import { limitRanger } from "./limit-ranger.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";
import { nodeRestriction } from "./node-restriction.ts";
import { podTopologyLabels } from "./pod-topology-labels.ts";
import { priority } from "./priority.ts";
import { runtimeClass } from "./runtime-class.ts";
import { serviceAccount } from "./service-account.ts";
import { taintNodesByCondition } from "./taint-nodes-by-condition.ts";

export interface AdmissionOptions {
  /** Asked about what a node wants tokens for. */
  readonly authorizer: Pick<AccessAuthorizer, "authorizeAccess">;
  /** A name from its beginning, as for metadata.generateName: of the volume with a pod's token. */
  readonly generateName: (base: string) => string;
}

/**
 * The plugins that are on by default in kube-apiserver 1.36, and NodeRestriction, in its order
 * (pkg/kubeapiserver/options/plugins.go). Left out: ResourceQuota (quotas have no effect), StorageObjectInUseProtection
 * (nobody here would take its finalizers away), PodSecurity (its default lets everything pass), webhooks and policies, and
 * what watches over certificates, ingresses and resizing of volumes.
 */
export function createAdmission({ authorizer, generateName }: AdmissionOptions): readonly AdmissionPlugin[] {
  return [
    namespaceLifecycle,
    limitRanger,
    serviceAccount(generateName),
    nodeRestriction(authorizer),
    taintNodesByCondition,
    priority,
    defaultTolerationSeconds,
    defaultStorageClass,
    runtimeClass,
    podTopologyLabels,
  ];
}
