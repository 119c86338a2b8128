import { describe, expect, it } from "vitest";
import type { Pod, PodDisruptionBudget } from "../objects/types.ts";
import { pod } from "../testing/objects.ts";
import { planBudget } from "./plan.ts";

const nowMs = Date.UTC(2026, 0, 1);

function budget(
  spec: PodDisruptionBudget["spec"] & object,
  change: Partial<PodDisruptionBudget> = {},
): PodDisruptionBudget {
  const metadata = { name: "b", namespace: "default", generation: 2 };
  return { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec, ...change };
}

const pods = (ready: number, notReady = 0): Pod[] => [
  ...Array.from({ length: ready }, (_, index) => pod(`r${index}`, { ready: true })),
  ...Array.from({ length: notReady }, (_, index) => pod(`n${index}`, { ready: false })),
];

describe("planBudget", () => {
  it.each<[string, PodDisruptionBudget["spec"] & object, Pod[], number, [number, number, number, number]]>([
    ["a number of pods", { minAvailable: 2 }, pods(3), 0, [1, 3, 2, 3]],
    ["a share of the scale", { minAvailable: "50%" }, pods(3, 1), 5, [0, 3, 3, 5]],
    ["unavailable pods", { maxUnavailable: 1 }, pods(3), 3, [1, 3, 2, 3]],
    ["unavailable pods while one is missing", { maxUnavailable: 1 }, pods(2, 1), 3, [0, 2, 2, 3]],
    ["a share unavailable", { maxUnavailable: "34%" }, pods(10), 10, [4, 10, 6, 10]],
    ["no pods", { maxUnavailable: 1 }, [], 0, [0, 0, 0, 0]],
  ])("%s", (_name, spec, selected, expectedScale, [allowed, healthy, desired, expected]) => {
    const { status, againMs } = planBudget({ budget: budget(spec), pods: selected, expectedScale }, nowMs);
    expect(status).toMatchObject({
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: expected,
      observedGeneration: 2,
    });
    expect(status.conditions?.[0]).toMatchObject({
      type: "DisruptionAllowed",
      status: allowed > 0 ? "True" : "False",
      reason: allowed > 0 ? "SufficientPods" : "InsufficientPods",
    });
    expect(againMs).toBeUndefined();
  });

  it("does not count pods that are evicted, for two minutes", () => {
    const disruptedPods = { r0: "2026-01-01T00:00:00Z", r1: "2025-12-31T23:00:00Z", other: "2026-01-01T00:00:00Z" };
    const state = {
      budget: budget({ minAvailable: 1 }, { status: { disruptedPods } }),
      pods: pods(3),
      expectedScale: 0,
    };
    const plan = planBudget(state, nowMs + 30_000);
    expect(plan.status).toMatchObject({ currentHealthy: 2, disruptedPods: { r0: "2026-01-01T00:00:00Z" } });
    expect(plan.againMs).toBe(90_001);
  });
});
