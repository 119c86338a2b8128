import { runLabel } from "@hollowfleet/fleet";
import type { Deployment, Namespace, Pod, PodSpec } from "@hollowfleet/wire";
import type { Scenario, WorkloadPart } from "./scenario.ts";
import { totalPods } from "./scenario.ts";

/** Which part of the workload a pod belongs to: "saturation" or "latency". */
export const groupLabel = "hollowfleet.dev/group";

/** One Deployment that is to be. */
export interface DeploymentSlot {
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
}

/** Everything that a workload creates, by name. */
export interface WorkloadPlan {
  readonly namespaces: readonly string[];
  readonly deployments: readonly DeploymentSlot[];
  readonly latency: readonly { readonly namespace: string; readonly name: string }[];
}

/** Lays a workload out: pods → Deployments → namespaces, and the latency pods in a namespace of their own. */
export function planWorkload(scenario: Scenario, runId: string): WorkloadPlan {
  const { workload } = scenario;
  const probeNamespace = `hf-${runId}-probe`;
  if (workload === null) return { namespaces: [probeNamespace], deployments: [], latency: [] };
  const pods = totalPods(scenario);
  const perNamespace = Math.max(1, Math.floor(workload.podsPerNamespace / workload.podsPerDeployment));
  const deployments: DeploymentSlot[] = [];
  for (let left = pods, index = 0; left > 0; left -= workload.podsPerDeployment, index++) {
    deployments.push({
      namespace: `hf-${runId}-${Math.floor(index / perNamespace)}`,
      name: `saturation-${index}`,
      replicas: Math.min(left, workload.podsPerDeployment),
    });
  }
  const latencyNamespace = `hf-${runId}-latency`;
  const latency = Array.from({ length: workload.latencyPods.count }, (_, index) => ({
    namespace: latencyNamespace,
    name: `latency-${index}`,
  }));
  return {
    namespaces: [
      ...new Set(deployments.map((deployment) => deployment.namespace)),
      ...(latency.length > 0 ? [latencyNamespace] : []),
      probeNamespace,
    ],
    deployments,
    latency,
  };
}

/** The namespace that probes write to. */
export function probeNamespace(runId: string): string {
  return `hf-${runId}-probe`;
}

export function namespaceObject(name: string, runId: string): Namespace {
  return { metadata: { name, labels: { [runLabel]: runId } } };
}

export function deploymentObject(
  slot: DeploymentSlot,
  scenario: Scenario,
  workload: WorkloadPart,
  runId: string,
): Deployment {
  const labels = { [runLabel]: runId, [groupLabel]: "saturation", app: slot.name };
  return {
    metadata: { name: slot.name, namespace: slot.namespace, labels: { [runLabel]: runId } },
    spec: {
      replicas: slot.replicas,
      selector: { matchLabels: { app: slot.name } },
      template: { metadata: { labels }, spec: podSpec(scenario, workload, runId) },
    },
  };
}

export function latencyPod(
  slot: { readonly namespace: string; readonly name: string },
  scenario: Scenario,
  workload: WorkloadPart,
  runId: string,
): Pod {
  return {
    metadata: { ...slot, labels: { [runLabel]: runId, [groupLabel]: "latency" } },
    spec: podSpec(scenario, workload, runId),
  };
}

/** Stateless, one container, on the run's own nodes only, and at home on them whatever their taints. */
function podSpec(scenario: Scenario, workload: WorkloadPart, runId: string): PodSpec {
  const requests = Object.fromEntries(
    Object.entries(workload.requests).map(([name, quantity]) => [name, { string: quantity }]),
  );
  return {
    containers: [{ name: "main", image: "pause:3.10", resources: { requests } }],
    nodeSelector: { [runLabel]: runId },
    tolerations: scenario.fleet.pools.flatMap((pool) =>
      pool.taints.map((taint) => ({ key: taint.key, operator: "Exists", effect: taint.effect })),
    ),
    terminationGracePeriodSeconds: 5,
  };
}
