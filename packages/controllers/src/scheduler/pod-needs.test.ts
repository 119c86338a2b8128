import { describe, expect, it } from "vitest";
import { pod } from "../testing/objects.ts";
import { amountOf, podNeeds, podRequests } from "./pod-needs.ts";

const requests = (cpu: string, memory?: string) => ({
  resources: { requests: memory === undefined ? { cpu } : { cpu, memory } },
});

describe("amountOf", () => {
  it.each([
    ["cpu", "100m", 100],
    ["cpu", "1.1", 1100],
    ["cpu", "0.0001", 1],
    ["memory", "64Mi", 67_108_864],
    ["nvidia.com/gpu", "2", 2],
    ["memory", "1500m", 2],
  ])("%s %s", (resource, quantity, amount) => {
    expect(amountOf(resource, quantity)).toBe(amount);
  });
});

describe("podRequests", () => {
  it("adds containers, sidecars and overhead up", () => {
    const spec = {
      containers: [
        { name: "a", ...requests("100m", "1Mi") },
        { name: "b", ...requests("200m") },
      ],
      initContainers: [{ name: "s", restartPolicy: "Always", ...requests("50m") }],
      overhead: { cpu: "10m" },
    };
    expect(Object.fromEntries(podRequests(spec))).toEqual({ cpu: 360, memory: 1_048_576 });
  });

  it("takes the largest moment of the initialisation if that is more", () => {
    const spec = {
      containers: [{ name: "a", ...requests("100m") }],
      initContainers: [
        { name: "s", restartPolicy: "Always", ...requests("50m") },
        { name: "i", ...requests("500m") },
        { name: "j", ...requests("300m") },
      ],
    };
    expect(podRequests(spec).get("cpu")).toBe(550);
  });
});

describe("podNeeds", () => {
  it("assumes something for scoring where nothing is requested", () => {
    const needs = podNeeds(pod("p", { spec: { containers: [{ name: "a" }, { name: "b", ...requests("1", "1Gi") }] } }));
    expect([needs.scoredCpuMilli, needs.scoredMemory]).toEqual([1100, 200 * 2 ** 20 + 2 ** 30]);
    expect(needs.requests.get("cpu")).toBe(1000);
  });

  it("knows host ports", () => {
    const ports = [{ containerPort: 80 }, { containerPort: 81, hostPort: 8081, protocol: "UDP" }];
    expect(podNeeds(pod("p", { spec: { containers: [{ name: "a", ports }] } })).hostPorts).toEqual(["UDP/8081"]);
  });
});
