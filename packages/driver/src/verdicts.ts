import {
  judgeClientSide,
  judgeEnvelope,
  judgeOfficial,
  judgePodStartup,
  type Snapshot,
  type Verdicts,
} from "@hollowfleet/metrics";
import type { OpenRun } from "./open-run.ts";
import type { PodStartupOutcome } from "./pod-startup-result.ts";
import { totalNodes, totalPods } from "./scenario.ts";

/** Both readings of the Kubernetes SLOs. */
export function verdictsOf(open: OpenRun, snapshot: Snapshot, startups: readonly PodStartupOutcome[]): Verdicts {
  const { scenario } = open.options;
  const { workload } = open.context;
  const perNamespace = new Map<string, number>();
  for (const slot of workload.deployments) {
    perNamespace.set(slot.namespace, (perNamespace.get(slot.namespace) ?? 0) + slot.replicas);
  }
  const deploymentsPerNamespace = new Map<string, number>();
  for (const { namespace } of workload.deployments) {
    deploymentsPerNamespace.set(namespace, (deploymentsPerNamespace.get(namespace) ?? 0) + 1);
  }
  const envelope = judgeEnvelope({
    nodes: totalNodes(scenario),
    churnPerSecond: open.churn.busiestSecond(),
    namespaces: workload.namespaces.length,
    pods: totalPods(scenario) + workload.latency.length,
    podsPerNode: scenario.workload?.podsPerNode ?? 0,
    podsPerNamespace: Math.max(0, ...perNamespace.values()),
    deploymentsPerNamespace: Math.max(0, ...deploymentsPerNamespace.values()),
  });
  const verdictOf = (load: "latency" | "saturation") => {
    const startup = startups.find((each) => each.load === load);
    if (startup === undefined) return undefined;
    return judgePodStartup({ startup: startup.total, neverReady: startup.result.neverReady });
  };
  const latency = verdictOf("latency");
  const saturation = verdictOf("saturation");
  return {
    official: judgeOfficial(open.serverMetrics.scrapes, envelope),
    clientSide: judgeClientSide(snapshot),
    podStartup: { ...(latency && { latency }), ...(saturation && { saturation }) },
  };
}
