import { seededRandom } from "@hollowfleet/core";
import { kinds, type Node } from "@hollowfleet/wire";
import { describe, expect, it } from "vitest";
import type { NodeSpec } from "../node-spec.ts";
import { profileOf } from "../profile.ts";
import { dateConditions, registeringConditions } from "./conditions.ts";
import { newCsiNode } from "./csi-node-object.ts";
import { metadataPatch, statusMembers } from "./existing-node.ts";
import { machineIds, nodeObject } from "./node-object.ts";

const spec: NodeSpec = {
  name: "n1",
  address: "127.64.0.1",
  kubeletPort: 10250,
  capacity: { cpu: "8", memory: "32Gi", pods: "110" },
  labels: { team: "x", "node-role.kubernetes.io/worker": "" },
  taints: [{ key: "dedicated", value: "gpu", effect: "NoSchedule" }],
  kubeletVersion: "v1.36.3",
  images: [{ names: ["app:1"], sizeBytes: 7 }],
  fallbackPodCidr: "10.64.3.0/24",
};

function made(profile: "kubelet" | "kubemark", changes: Partial<NodeSpec> = {}): Node {
  const conditions = dateConditions(registeringConditions, [], 1_800_000_000);
  return nodeObject({ ...spec, ...changes }, profileOf(profile, "all"), machineIds(seededRandom("n1")), conditions);
}

describe("the Node of the POST", () => {
  it("has the parts of a real kubelet's (kubelet-audit §1.4)", () => {
    const { metadata, spec: nodeSpec, status } = made("kubelet");
    expect(metadata).toEqual({
      name: "n1",
      annotations: { "volumes.kubernetes.io/controller-managed-attach-detach": "true" },
      labels: {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": "n1",
        "kubernetes.io/os": "linux",
        team: "x",
      },
    });
    expect(nodeSpec).toEqual({ taints: [{ key: "dedicated", value: "gpu", effect: "NoSchedule" }] });
    expect(Object.keys(status ?? {})).toEqual([
      "capacity",
      "allocatable",
      "conditions",
      "addresses",
      "daemonEndpoints",
      "nodeInfo",
      "images",
      "runtimeHandlers",
      "features",
      "declaredFeatures",
    ]);
    expect(status?.capacity).toMatchObject({ "hugepages-1Gi": { string: "0" }, cpu: { string: "8" } });
    expect(status?.conditions?.map(({ type, status: is }) => `${type} ${is}`)).toEqual([
      "MemoryPressure False",
      "DiskPressure False",
      "PIDPressure False",
      "Ready False",
    ]);
    expect(status?.conditions?.at(-1)).toMatchObject({
      reason: "KubeletNotReady",
      message: "CSINode is not yet initialized",
    });
    expect(status?.runtimeHandlers).toHaveLength(2);
    expect(status?.declaredFeatures).toHaveLength(4);
    expect(status?.nodeInfo?.machineID).toBe(status?.nodeInfo?.systemUUID);
    expect(status?.nodeInfo?.machineID).toMatch(/^[0-9a-f]{32}$/);
  });

  it("is kubemark's where the profile says so", () => {
    const { metadata, spec: nodeSpec, status } = made("kubemark");
    expect(metadata?.annotations).toEqual({});
    expect(nodeSpec?.providerID).toBe("kubemark://n1");
    expect(Object.keys(status ?? {})).not.toContain("images");
    expect(Object.keys(status ?? {})).not.toContain("features");
    expect(status?.declaredFeatures).toHaveLength(4);
    expect(status?.nodeInfo?.machineID).toBe("");
  });

  it("declares features only from 1.36 on", () => {
    expect(made("kubelet", { kubeletVersion: "v1.35.0" }).status?.declaredFeatures).toBeUndefined();
  });

  it("is the same machine for the same seed, and another for another", () => {
    expect(machineIds(seededRandom("n1"))).toEqual(machineIds(seededRandom("n1")));
    expect(machineIds(seededRandom("n1"))).not.toEqual(machineIds(seededRandom("n2")));
  });

  it("survives the wire", () => {
    const node = made("kubelet");
    expect(kinds.Node.decode(kinds.Node.encode(node)).status).toEqual(node.status);
  });
});

describe("a Node that was there before", () => {
  const found = (node: Node): Node => kinds.Node.decode(kinds.Node.encode(node));

  it("needs no patch when nothing differs, however its quantities are written", () => {
    const existing = found(made("kubelet", { capacity: { cpu: "8000m", memory: "32768Mi", pods: "110" } }));
    const desired = made("kubelet");
    expect(metadataPatch(existing, desired)).toBeUndefined();
    expect(statusMembers(existing, desired)).toEqual({});
  });

  it("is mended where a kubelet mends it", () => {
    const labels = { "topology.kubernetes.io/zone": "b" };
    const existing = found(made("kubelet", { address: "10.0.0.1", capacity: { cpu: "4" }, kubeletVersion: "v1.35.1" }));
    const desired = made("kubelet", { labels });
    delete existing.metadata?.labels?.["kubernetes.io/os"];
    expect(JSON.parse(metadataPatch(existing, desired) ?? "")).toEqual({
      metadata: { labels: { "kubernetes.io/os": "linux", "topology.kubernetes.io/zone": "b" } },
    });
    expect(statusMembers(existing, desired)).toEqual({
      addresses: [
        { address: "127.64.0.1", type: "InternalIP" },
        { address: "n1", type: "Hostname" },
        { $patch: "replace" },
      ],
      allocatable: { cpu: "8", memory: "32Gi", pods: "110" },
      capacity: { cpu: "8", memory: "32Gi", pods: "110" },
      nodeInfo: { kubeletVersion: "v1.36.3" },
    });
  });
});

it("the CSINode belongs to its Node and names the migrated plugins", () => {
  const node = newCsiNode({ name: "n1", uid: "u" });
  expect(node.metadata?.ownerReferences).toEqual([{ apiVersion: "v1", kind: "Node", name: "n1", uid: "u" }]);
  expect(Object.values(node.metadata?.annotations ?? {})[0]).toContain("kubernetes.io/aws-ebs,");
  expect(node.spec).toEqual({ drivers: [] });
});
