import { describe, expect, it } from "vitest";
import { parseNodeTemplate } from "./node-template.ts";

const manifest = {
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name: "worker-1",
    labels: { "kubernetes.io/hostname": "worker-1", "topology.kubernetes.io/zone": "a", team: "x" },
    annotations: { "volumes.kubernetes.io/controller-managed-attach-detach": "true", "example.com/rack": "7" },
  },
  spec: {
    podCIDR: "10.0.0.0/24",
    taints: [
      { key: "dedicated", value: "gpu", effect: "NoSchedule" },
      { key: "node.kubernetes.io/not-ready", effect: "NoExecute" },
    ],
  },
  status: {
    capacity: { cpu: 8, memory: "32Gi", "nvidia.com/gpu": "4", pods: "110" },
    allocatable: { cpu: "7800m", memory: "30Gi" },
    nodeInfo: { osImage: "Flatcar", kernelVersion: "6.6", machineID: "abc" },
    images: [{ names: ["nginx:1"], sizeBytes: 5 }],
  },
};

function faultsOf(manifest: unknown): string[] {
  try {
    parseNodeTemplate(manifest);
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: "node-template" });
    return (thrown as Error).message.split("\n  ").slice(1);
  }
  return [];
}

describe("parseNodeTemplate", () => {
  it("keeps what describes a kind of node, and drops what names one or what the cluster writes", () => {
    expect(parseNodeTemplate(manifest)).toEqual({
      labels: { "topology.kubernetes.io/zone": "a", team: "x" },
      annotations: { "example.com/rack": "7" },
      taints: [{ key: "dedicated", value: "gpu", effect: "NoSchedule" }],
      capacity: { cpu: "8", memory: "32Gi", "nvidia.com/gpu": "4", pods: "110" },
      allocatable: { cpu: "7800m", memory: "30Gi" },
      nodeInfo: { osImage: "Flatcar", kernelVersion: "6.6" },
      images: [{ names: ["nginx:1"], sizeBytes: 5 }],
    });
  });

  it("lists all faults at once, with their paths", () => {
    const wrong = {
      apiVersion: "v2",
      kind: "Node",
      metadata: { labels: { "bad key!": "v", ok: "not ok!", n: 5 } },
      spec: { taints: [{ key: "k", effect: "Never" }, "text"] },
      status: { capacity: { cpu: "eight", memory: "-1Gi" }, nodeInfo: [], images: [{ names: "x", sizeBytes: "big" }] },
    };
    expect(faultsOf(wrong)).toEqual([
      "apiVersion must be v1",
      'status.capacity.cpu "eight" is no quantity',
      'status.capacity.memory "-1Gi" is no quantity',
      "status.nodeInfo must be an object",
      "status.images[0].names must be a list",
      "status.images[0].sizeBytes must be a number of bytes",
      "metadata.labels.bad key! is no valid key",
      'metadata.labels.ok "not ok!" is no valid value',
      "metadata.labels.n must be text",
      "spec.taints[0].effect must be one of NoSchedule, PreferNoSchedule, NoExecute",
      "spec.taints[1] must be an object",
    ]);
  });

  it.each([undefined, null, "text", []])("says what is wrong with %j", (nothing) => {
    expect(faultsOf(nothing)[0]).toMatch(/^manifest (is empty|must be an object)$/);
  });
});
