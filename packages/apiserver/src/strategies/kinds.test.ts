import { describe, expect, it } from "vitest";
import type { KubeObject } from "../object.ts";
import { toCoreEvent, toEventsEvent } from "./event-conversion.ts";
import { strategyFor } from "./strategy-for.ts";
import { created, createFaults, object, podObject, updated, updateFaults, workload } from "./testing/objects.ts";

const jobTemplate = { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "a" }] } };

/** One of each kind, with little said. */
const bodies: readonly KubeObject[] = [
  podObject({ volumes: [{ name: "v" }], containers: [{ name: "c", image: "a", ports: [{ containerPort: 1 }] }] }),
  object("v1", "Node", { status: { capacity: { cpu: "1" } } }),
  object("coordination.k8s.io/v1", "Lease"),
  object("v1", "Event"),
  object("events.k8s.io/v1", "Event"),
  object("v1", "Namespace"),
  object("v1", "ConfigMap"),
  object("v1", "Secret", { stringData: { a: "b" } }),
  object("v1", "ServiceAccount"),
  object("v1", "Service", { spec: { ports: [{ port: 1 }] } }),
  object("v1", "Endpoints", { subsets: [{ ports: [{ port: 1 }] }] }),
  object("discovery.k8s.io/v1", "EndpointSlice", { ports: [{ port: 1 }] }),
  workload("apps/v1", "Deployment"),
  workload("apps/v1", "ReplicaSet"),
  workload("apps/v1", "StatefulSet"),
  workload("apps/v1", "DaemonSet"),
  object("batch/v1", "Job", { spec: { template: jobTemplate } }),
  object("batch/v1", "CronJob", { spec: { jobTemplate: { spec: { template: jobTemplate } } } }),
  object("policy/v1", "PodDisruptionBudget"),
  object("v1", "PersistentVolumeClaim"),
  object("v1", "PersistentVolume"),
  object("storage.k8s.io/v1", "StorageClass"),
  object("storage.k8s.io/v1", "CSIDriver"),
  object("rbac.authorization.k8s.io/v1", "RoleBinding", { subjects: [{ kind: "User", name: "u" }] }),
  object("scheduling.k8s.io/v1", "PriorityClass"),
  object("node.k8s.io/v1", "RuntimeClass", { overhead: { podFixed: { cpu: "0.1" } } }),
  object("v1", "LimitRange", { spec: { limits: [{ type: "Container", max: { cpu: "1" }, min: { memory: "1" } }] } }),
];

function strategyOf({ apiVersion, kind }: KubeObject) {
  return strategyFor({ group: apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "", kind });
}

describe("every kind", () => {
  it.each(bodies)("is defaulted once and for all: $apiVersion $kind", (body) => {
    const once = structuredClone(body);
    strategyOf(body).defaults?.(once);
    const twice = structuredClone(once);
    strategyOf(body).defaults?.(twice);
    expect(twice).toEqual(once);
  });

  it.each(bodies)("leaves the stored object alone: $apiVersion $kind", (body) => {
    const strategy = strategyOf(body);
    const stored = created(strategy, body);
    const copy = structuredClone(stored);
    const made = updated(strategy, stored, (now) => {
      now.metadata.labels = { ...now.metadata.labels, more: "1" };
    });
    strategy.validateUpdate?.(made, stored);
    expect(stored).toEqual(copy);
  });

  it("is known, or does as kinds without rules of their own do", () => {
    const strategy = strategyFor({ group: "example.com", kind: "Thing" });
    const old = { ...object("v1", "ConfigMap", { metadata: { generation: 3 } }), spec: { a: 1 } };
    expect(updated(strategy, old, (now) => Object.assign(now, { spec: { a: 2 } })).metadata.generation).toBe(4);
    expect(updated(strategy, old, () => undefined).metadata.generation).toBe(3);
  });
});

describe("Node", () => {
  const node = (members: object) => object("v1", "Node", members as Record<string, unknown>);
  const strategy = strategyFor({ group: "", kind: "Node" });

  it("may allot what it has", () => {
    expect(created(strategy, node({ status: { capacity: { cpu: "2" } } }))["status"]).toMatchObject({
      allocatable: { cpu: "2" },
    });
  });

  it("keeps its CIDR once it has one", () => {
    const stored = created(strategy, node({ spec: { podCIDR: "10.1.0.0/24" } }));
    const faults = updateFaults(strategy, stored, (now) => Object.assign(now, { spec: { podCIDR: "10.2.0.0/24" } }));
    expect(faults).toEqual(['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid']);
  });

  it("has no taint twice", () => {
    const taint = { key: "a", effect: "NoSchedule" };
    expect(createFaults(strategy, node({ spec: { taints: [taint, taint] } }))).toEqual([
      'metadata.taints[1]: Duplicate value: {"Key":"a","Value":"","Effect":"NoSchedule","TimeAdded":null}: taints must be unique by key and effect pair',
    ]);
  });

  it("is selected by whether it takes pods", () => {
    expect(strategy.selectableFields?.(node({}))).toEqual({ "spec.unschedulable": "false" });
  });
});

describe("Lease", () => {
  const strategy = strategyFor({ group: "coordination.k8s.io", kind: "Lease" });

  it("lasts for some time, and can be put", () => {
    const body = object("coordination.k8s.io/v1", "Lease", { spec: { leaseDurationSeconds: 0 } });
    expect(createFaults(strategy, body)).toEqual([
      "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
    ]);
    expect(strategy).toMatchObject({ allowCreateOnUpdate: true, allowUnconditionalUpdate: false });
  });
});

describe("Event", () => {
  const strategy = strategyFor({ group: "", kind: "Event" });

  it("is of the namespace of what it tells of", () => {
    const event = (namespace: string) => object("v1", "Event", { involvedObject: { namespace } });
    expect(createFaults(strategy, event("ns"))).toEqual([]);
    expect(createFaults(strategy, event("other"))).toEqual([
      'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
    ]);
  });

  it("is the same under both names", () => {
    const core = object("v1", "Event", { reason: "r", message: "m", count: 2, source: { component: "c" } });
    const other = toEventsEvent(core);
    expect(other).toMatchObject({ note: "m", deprecatedCount: 2, deprecatedSource: { component: "c" }, reason: "r" });
    expect(toCoreEvent(other)).toEqual(core);
    const fields = strategyFor({ group: "events.k8s.io", kind: "Event" }).selectableFields?.(core);
    expect(fields).toMatchObject({ reason: "r", "regarding.kind": "", reportingController: "" });
    expect(strategy.selectableFields?.(core)).toMatchObject({ source: "c", "involvedObject.kind": "" });
  });
});

describe("Namespace", () => {
  const strategy = strategyFor({ group: "", kind: "Namespace" });
  const stored = created(strategy, object("v1", "Namespace", { metadata: { name: "a" } }));

  it("starts with its finalizer and its name as a label", () => {
    expect(stored).toMatchObject({
      metadata: { labels: { "kubernetes.io/metadata.name": "a" } },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
  });

  it("is finalized by its own subresource alone", () => {
    const change = (now: KubeObject) => void Object.assign(now, { spec: {} });
    expect(updated(strategy, stored, change)["spec"]).toEqual({ finalizers: ["kubernetes"] });
    const made = structuredClone(stored);
    change(made);
    strategy.subresources?.["finalize"]?.prepareForUpdate?.(made, stored, {} as never);
    expect(made["spec"]).toEqual({});
  });
});

describe("ConfigMap and Secret", () => {
  const [configMaps, secrets] = [
    strategyFor({ group: "", kind: "ConfigMap" }),
    strategyFor({ group: "", kind: "Secret" }),
  ];

  it("fold stringData in", () => {
    const body = object("v1", "Secret", { data: { a: "AAE=" }, stringData: { b: "x" } });
    expect(created(secrets, body)).toMatchObject({ type: "Opaque", data: { a: "AAE=", b: "eA==" } });
    expect(created(secrets, body)).not.toHaveProperty("stringData");
  });

  it("stay as they are once they are immutable", () => {
    const text = "Forbidden: field is immutable when `immutable` is set";
    const stored = created(configMaps, object("v1", "ConfigMap", { immutable: true, data: { a: "1" } }));
    const change = (now: KubeObject) => void Object.assign(now, { immutable: false, data: { a: "2" } });
    expect(updateFaults(configMaps, stored, change)).toEqual([`immutable: ${text}`, `data: ${text}`]);
  });

  it("hold at most 1 MiB", () => {
    const body = object("v1", "ConfigMap", { data: { a: "x".repeat(1024 * 1024), b: "y" } });
    expect(createFaults(configMaps, body)).toEqual(["[]: Too long: may not be more than 1048576 bytes"]);
  });

  it("have what their type needs", () => {
    expect(createFaults(secrets, object("v1", "Secret", { type: "kubernetes.io/tls" }))).toEqual([
      "data[tls.crt]: Required value",
      "data[tls.key]: Required value",
    ]);
  });
});

describe("PodDisruptionBudget", () => {
  it("says one thing", () => {
    const strategy = strategyFor({ group: "policy", kind: "PodDisruptionBudget" });
    const body = object("policy/v1", "PodDisruptionBudget", { spec: { minAvailable: 1, maxUnavailable: 1 } });
    expect(createFaults(strategy, body)[0]).toMatch(/^spec: .*minAvailable and maxUnavailable cannot be both set$/);
  });
});

describe("EndpointSlice", () => {
  it("has no loopback addresses, and counts changes", () => {
    const strategy = strategyFor({ group: "discovery.k8s.io", kind: "EndpointSlice" });
    const slice = (address: string) =>
      object("discovery.k8s.io/v1", "EndpointSlice", { addressType: "IPv4", endpoints: [{ addresses: [address] }] });
    expect(createFaults(strategy, slice("127.0.0.1"))[0]).toContain("may not be in the loopback range");
    const stored = created(strategy, slice("10.1.1.1"));
    const change = (now: KubeObject) => void Object.assign(now, { endpoints: [] });
    expect(updated(strategy, stored, change).metadata.generation).toBe(2);
  });
});

describe("CertificateSigningRequest", () => {
  it("is that of the one who asks", () => {
    const strategy = strategyFor({ group: "certificates.k8s.io", kind: "CertificateSigningRequest" });
    const body = object("certificates.k8s.io/v1", "CertificateSigningRequest", { spec: { username: "someone" } });
    expect(created(strategy, body)["spec"]).toMatchObject({ username: "tester", groups: ["testers"] });
  });
});
