import { identityKinds } from "@hollowfleet/fleet";

const count = { type: "integer", minimum: 0 } as const;
const rate = { type: "number", exclusiveMinimum: 0, maximum: 100_000 } as const;
const spanMs = { type: "number", minimum: 0 } as const;
const text = { type: "string" } as const;
const textMap = { type: "object", additionalProperties: text } as const;

/** A quantity as Kubernetes writes it; the API server has the last word. */
const quantityMap = {
  type: "object",
  additionalProperties: { type: "string", pattern: "^\\d+(\\.\\d+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|e\\d+)?$" },
} as const;

function object(properties: Record<string, unknown>, optional: readonly string[] = []): Record<string, unknown> {
  return {
    type: "object",
    additionalProperties: false,
    required: Object.keys(properties).filter((key) => !optional.includes(key)),
    properties,
  };
}

const distribution = {
  type: "object",
  required: ["kind"],
  oneOf: [
    object({ kind: { const: "constant" }, ms: spanMs }),
    object({ kind: { const: "uniform" }, minMs: spanMs, maxMs: spanMs }),
    object({ kind: { const: "normal" }, meanMs: spanMs, stddevMs: spanMs }),
    object({ kind: { const: "exponential" }, meanMs: spanMs }),
    object({ kind: { const: "lognormal" }, medianMs: spanMs, p99Ms: spanMs }),
  ],
} as const;

const taint = object({ key: text, value: text, effect: { enum: ["NoSchedule", "PreferNoSchedule", "NoExecute"] } }, [
  "value",
]);

const pool = object(
  {
    name: { type: "string", pattern: "^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$" },
    count: { type: "integer", minimum: 0, maximum: 100_000 },
    capacity: quantityMap,
    allocatable: quantityMap,
    labels: textMap,
    annotations: textMap,
    taints: { type: "array", items: taint },
    zone: text,
    instanceType: text,
    nodeInfo: textMap,
    images: { type: "array", items: object({ names: { type: "array", items: text }, sizeBytes: count }) },
  },
  ["allocatable", "annotations", "zone", "instanceType", "nodeInfo", "images"],
);

const fleet = object({
  pools: { type: "array", minItems: 1, items: pool },
  nodeRatePerS: rate,
  profile: { enum: ["kubelet", "kubemark", "status-only"] },
  watches: { enum: ["all", "pods"] },
  identity: { enum: identityKinds },
  connections: { enum: ["per-node", "pooled"] },
  threads: { type: "integer", minimum: 0, maximum: 256 },
  threadHeapMb: { type: "integer", minimum: 0 },
  kubeletVersion: { type: "string", pattern: "^v1\\.\\d+\\.\\d+" },
  delays: object({
    sandbox: distribution,
    container: distribution,
    stop: distribution,
    serialised: { type: "boolean" },
  }),
});

const workload = object({
  podsPerNode: { type: "integer", minimum: 1, maximum: 1000 },
  podRatePerS: rate,
  podsPerDeployment: { type: "integer", minimum: 1, maximum: 5000 },
  podsPerNamespace: { type: "integer", minimum: 1 },
  requests: quantityMap,
  latencyPods: object({ count, ratePerS: rate }),
});

const probe = object({
  verb: { enum: ["GET", "LIST", "POST", "PUT", "PATCH", "DELETE"] },
  resource: { enum: ["configmaps", "pods", "nodes", "deployments", "services", "leases"] },
  scope: { enum: ["resource", "namespace", "cluster"] },
  ratePerS: rate,
});

/** The JSON Schema of `Scenario`. */
export const scenarioSchema: Readonly<Record<string, unknown>> = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Hollowfleet scenario",
  ...object({
    name: text,
    seed: { type: "integer", minimum: 0 },
    fleet,
    workload: { ...workload, type: ["object", "null"] },
    probes: { type: "array", items: probe },
    // Checked field by field by the server that injects them.
    faults: { type: "array", items: { type: "object" } },
    durationMs: spanMs,
    maxInFlight: { type: "integer", minimum: 1 },
    timeouts: object({ nodesReadyMs: spanMs, podsRunningMs: spanMs, deletedMs: spanMs }),
  }),
};
