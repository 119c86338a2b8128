import type { ClientErrorCode } from "@hollowfleet/client";

/**
 * When a kubelet does what, in milliseconds after its first request. Medians of the cold starts in kubelet-audit §1.1 and
 * §1.2; the order of what depends on an answer follows from the answers.
 */
export const startOffsetsMs = {
  starting: 2,
  csiDriversWatch: 20,
  lease: 22,
  runtimeClassesWatch: 46,
  resourceSlices: 55,
  /** The registration loop sleeps 100 ms before its first try (kubelet_node_status.go registerWithAPIServer). */
  firstPost: 160,
} as const;

/** Of the CSINode's first look, until the API server answers at all (pkg/volume/csi/csi_plugin.go). */
export const csiPollMs = 1000;

/** How often the node informer is asked whether it has synced before pods are watched (pkg/kubelet/config/apiserver.go). */
export const podsWatchPollMs = 1000;

/** How often readiness is looked at until the node is Ready for the first time (fastNodeStatusUpdate). */
export const fastStatusPollMs = 100;

const postWaitMs = 100;
const postWaitMaxMs = 7000;

/** The wait after failed POST number `tries` (from 1): doubled from 100 ms up to 7 s. */
export function postRetryMs(tries: number): number {
  return Math.min(postWaitMs * 2 ** tries, postWaitMaxMs);
}

/**
 * Waits between tries to create the CSINode: four tries with the inner backoff of nodeinfomanager.go, then one wait of the
 * outer backoff of csi_plugin.go, and so on. The last is repeated: a real kubelet would exit there and be restarted.
 */
const csiInnerMs = [10, 50, 250];
const csiOuterMs = [15, 90, 540, 3240, 19_440];

/** @param tries failed tries so far, from 1 */
export function csiRetryMs(tries: number): number {
  const inner = csiInnerMs[(tries - 1) % 4];
  if (inner !== undefined) return inner;
  const round = Math.floor((tries - 1) / 4);
  return csiOuterMs[Math.min(round, csiOuterMs.length - 1)] ?? 0;
}

/**
 * After a POST of the Node:
 * - registered: it was created
 * - look: it may be there already; GET it (409, and 403 while gate KubeletRegistrationGetOnExistsOnly is off)
 * - retry: wait and POST again
 */
export type AfterPost = "registered" | "look" | "retry";

export function afterPost(code: ClientErrorCode | undefined): AfterPost {
  if (code === undefined) return "registered";
  return code === "already-exists" || code === "forbidden" ? "look" : "retry";
}
