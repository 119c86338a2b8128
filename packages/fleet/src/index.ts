export { callSample } from "./call-sample.ts";
export type { Fleet, FleetListener, FleetPlan, FleetSummary, FleetTarget, ShardDeath } from "./fleet.ts";
export { FleetError, type FleetErrorCode } from "./fleet-error.ts";
export {
  certificateIdentities,
  type FleetCredentials,
  type IdentityKind,
  identityKinds,
  nodesGroup,
  nodeToken,
  nodeUser,
} from "./identity.ts";
export { InProcessFleet } from "./in-process-fleet.ts";
export { fallbackPodCidr, loopbackAddress, maxAddresses } from "./node-address.ts";
export { defaultCapacity, type NodePool } from "./node-pool.ts";
export { assignSlots, type FleetIdentity, nodeName, poolLabel, poolLabels, runLabel } from "./plan.ts";
export type {
  FleetNews,
  FleetStats,
  LateRenewal,
  LeaseCounts,
  NodeCounts,
  PodCounts,
  PodStart,
  PodState,
  ThreadUsage,
} from "./shard-stats.ts";
export { readSchedstat, ThreadMeter } from "./thread-usage.ts";
export { ThreadedFleet } from "./threaded-fleet.ts";
