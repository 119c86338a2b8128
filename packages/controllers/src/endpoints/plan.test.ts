import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Endpoint, EndpointSlice, Service } from "../objects/types.ts";
import { pod } from "../testing/objects.ts";
import { endpointOf, hasAddress, portsOf } from "./endpoints-of.ts";
import { planSlices } from "./plan.ts";

const service: Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "default", uid: "s", labels: { tier: "front" } },
  spec: {
    clusterIP: "10.0.0.1",
    selector: { app: "web" },
    ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }, { port: 81 }],
  },
};

const running = (name: string, ready = true) => {
  const made = pod(name, {
    ready,
    spec: { nodeName: "n", containers: [{ name: "a", ports: [{ name: "http", containerPort: 8080 }] }] },
  });
  return { ...made, status: { ...made.status, podIP: "10.1.0.1" } };
};

describe("endpointOf", () => {
  it("is ready while the pod is and is not being deleted", () => {
    const at = { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } };
    const of = (made: ReturnType<typeof running>) => endpointOf(made, service, undefined).conditions;
    expect(of(running("p"))).toEqual({ ready: true, serving: true, terminating: false });
    expect(of(running("p", false))).toEqual({ ready: false, serving: false, terminating: false });
    const leaving = { ...running("p"), metadata: { ...running("p").metadata, ...at.metadata } };
    expect(of(leaving)).toEqual({ ready: false, serving: true, terminating: true });
    expect(endpointOf(running("p"), service, undefined)).toMatchObject({
      addresses: ["10.1.0.1"],
      nodeName: "n",
      targetRef: { kind: "Pod", namespace: "default", name: "p", uid: "p-uid" },
    });
    expect(hasAddress(pod("p"))).toBe(false);
  });

  it("finds named ports in pods", () => {
    expect(portsOf(service, [running("p")])).toEqual([
      { name: "http", port: 8080, protocol: "TCP" },
      { name: "", port: 81, protocol: "TCP" },
    ]);
    expect(portsOf(service, [])).toEqual([{ name: "", port: 81, protocol: "TCP" }]);
  });
});

describe("planSlices", () => {
  const endpoint = (uid: number): Endpoint => ({
    addresses: [`10.0.${uid >> 8}.${uid & 255}`],
    targetRef: { uid: `${uid}` },
  });
  let named = 0;
  const carryOut = (slices: readonly EndpointSlice[], wanted: readonly number[]) => {
    const plan = planSlices(service, wanted.map(endpoint), [], slices);
    const kept = slices
      .filter((slice) => !plan.deletes.includes(slice))
      .map((slice) => plan.updates.find(({ metadata }) => metadata.name === slice.metadata.name) ?? slice);
    const created = plan.creates.map((slice) => ({ ...slice, metadata: { ...slice.metadata, name: `s${named++}` } }));
    return { plan, slices: [...kept, ...created] };
  };
  const uids = (slices: readonly EndpointSlice[]) =>
    slices.flatMap(({ endpoints = [] }) => endpoints.map(({ targetRef }) => Number(targetRef?.uid)));

  it("labels slices for kubectl and kube-proxy", () => {
    const [slice] = carryOut([], [1]).slices;
    expect(slice?.metadata).toMatchObject({
      generateName: "web-",
      labels: {
        tier: "front",
        "kubernetes.io/service-name": "web",
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      },
      ownerReferences: [{ kind: "Service", name: "web", uid: "s", controller: true }],
    });
    expect(slice?.metadata.labels).not.toHaveProperty("service.kubernetes.io/headless");
  });

  it("has each endpoint once, in slices of a hundred, and rewrites only what changed", () => {
    const sets = fc.array(fc.uniqueArray(fc.nat(400), { maxLength: 350 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(sets, (rounds) => {
        let slices: readonly EndpointSlice[] = [];
        for (const wanted of rounds) {
          slices = carryOut(slices, wanted).slices;
          expect(uids(slices).sort()).toEqual([...wanted].sort());
          expect(Math.max(...slices.map(({ endpoints = [] }) => endpoints.length))).toBeLessThanOrEqual(100);
          expect(slices.length).toBeGreaterThanOrEqual(1);
          const { plan } = carryOut(slices, [...wanted].reverse());
          expect([plan.creates, plan.updates, plan.deletes]).toEqual([[], [], []]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("touches one slice when one pod goes", () => {
    const full = carryOut(
      [],
      Array.from({ length: 250 }, (_, index) => index),
    ).slices;
    const { plan } = carryOut(
      full,
      Array.from({ length: 249 }, (_, index) => index),
    );
    expect([full.length, plan.updates.length]).toEqual([3, 1]);
  });
});
