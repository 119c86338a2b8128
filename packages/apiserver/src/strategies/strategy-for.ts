import type { ResourceInfo } from "../resources/resource-info.ts";
import { controllerRevisionStrategy } from "./apps/controller-revision.ts";
import { daemonSetStrategy } from "./apps/daemon-set.ts";
import { deploymentStrategy } from "./apps/deployment.ts";
import { replicaSetStrategy } from "./apps/replica-set.ts";
import { replicationControllerStrategy } from "./apps/replication-controller.ts";
import { statefulSetStrategy } from "./apps/stateful-set.ts";
import { cronJobStrategy } from "./batch/cron-job.ts";
import { jobStrategy } from "./batch/job.ts";
import { certificateSigningRequestStrategy } from "./certificate-signing-request.ts";
import {
  podTemplateStrategy,
  priorityClassStrategy,
  resourceSliceStrategy,
  runtimeClassStrategy,
} from "./cluster-kinds.ts";
import { configMapStrategy } from "./config-map.ts";
import { endpointSliceStrategy } from "./endpoint-slice.ts";
import { endpointsStrategy } from "./endpoints.ts";
import { eventStrategy, eventsEventStrategy } from "./event.ts";
import { leaseStrategy } from "./lease.ts";
import { namespaceStrategy } from "./namespace.ts";
import { nodeStrategy } from "./node.ts";
import { podStrategy } from "./pod/pod.ts";
import { podDisruptionBudgetStrategy } from "./pod-disruption-budget.ts";
import { limitRangeStrategy, resourceQuotaStrategy } from "./quota.ts";
import { clusterRoleBindingStrategy, clusterRoleStrategy, roleBindingStrategy, roleStrategy } from "./rbac.ts";
import { secretStrategy } from "./secret.ts";
import { semanticEqual } from "./semantic-equal.ts";
import { serviceStrategy } from "./service/service.ts";
import { serviceAccountStrategy } from "./service-account.ts";
import { csiDriverStrategy, csiNodeStrategy, volumeAttachmentStrategy } from "./storage/csi.ts";
import { persistentVolumeStrategy } from "./storage/persistent-volume.ts";
import { persistentVolumeClaimStrategy } from "./storage/persistent-volume-claim.ts";
import { storageClassStrategy } from "./storage/storage-class.ts";
import type { Strategy } from "./strategy.ts";
import { countGeneration } from "./views.ts";

/** By "group/kind". */
const strategies: Readonly<Record<string, Strategy>> = {
  "/ConfigMap": configMapStrategy,
  "/Endpoints": endpointsStrategy,
  "/Event": eventStrategy,
  "/LimitRange": limitRangeStrategy,
  "/Namespace": namespaceStrategy,
  "/Node": nodeStrategy,
  "/PersistentVolume": persistentVolumeStrategy,
  "/PersistentVolumeClaim": persistentVolumeClaimStrategy,
  "/Pod": podStrategy,
  "/PodTemplate": podTemplateStrategy,
  "/ReplicationController": replicationControllerStrategy,
  "/ResourceQuota": resourceQuotaStrategy,
  "/Secret": secretStrategy,
  "/Service": serviceStrategy,
  "/ServiceAccount": serviceAccountStrategy,
  "apps/ControllerRevision": controllerRevisionStrategy,
  "apps/DaemonSet": daemonSetStrategy,
  "apps/Deployment": deploymentStrategy,
  "apps/ReplicaSet": replicaSetStrategy,
  "apps/StatefulSet": statefulSetStrategy,
  "batch/CronJob": cronJobStrategy,
  "batch/Job": jobStrategy,
  "certificates.k8s.io/CertificateSigningRequest": certificateSigningRequestStrategy,
  "coordination.k8s.io/Lease": leaseStrategy,
  "discovery.k8s.io/EndpointSlice": endpointSliceStrategy,
  "events.k8s.io/Event": eventsEventStrategy,
  "node.k8s.io/RuntimeClass": runtimeClassStrategy,
  "policy/PodDisruptionBudget": podDisruptionBudgetStrategy,
  "rbac.authorization.k8s.io/ClusterRole": clusterRoleStrategy,
  "rbac.authorization.k8s.io/ClusterRoleBinding": clusterRoleBindingStrategy,
  "rbac.authorization.k8s.io/Role": roleStrategy,
  "rbac.authorization.k8s.io/RoleBinding": roleBindingStrategy,
  "resource.k8s.io/ResourceSlice": resourceSliceStrategy,
  "scheduling.k8s.io/PriorityClass": priorityClassStrategy,
  "storage.k8s.io/CSIDriver": csiDriverStrategy,
  "storage.k8s.io/CSINode": csiNodeStrategy,
  "storage.k8s.io/StorageClass": storageClassStrategy,
  "storage.k8s.io/VolumeAttachment": volumeAttachmentStrategy,
};

/** A kind that needs nothing special: its generation, where it has one, counts changes of the spec. */
const genericStrategy: Strategy = {
  prepareForUpdate(object, old) {
    const isCounted = old.metadata.generation !== undefined;
    countGeneration(object, old, isCounted && !semanticEqual(object["spec"], old["spec"]));
  },
};

export function strategyFor({ group, kind }: Pick<ResourceInfo, "group" | "kind">): Strategy {
  return strategies[`${group}/${kind}`] ?? genericStrategy;
}
