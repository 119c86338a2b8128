import { describe, expect, it } from "vitest";
import { judgeEnvelope } from "./envelope.ts";

describe("judgeEnvelope", () => {
  it("takes the largest supported cluster", () => {
    expect(judgeEnvelope({ nodes: 5000, pods: 150_000, podsPerNode: 30, churnPerSecond: 20 }).inside).toBe(true);
  });

  it("scales the limits of the cluster with its size, those of a namespace not", () => {
    const facts = { nodes: 1000, pods: 30_000, podsPerNamespace: 3000, namespaces: 2000 };
    expect(judgeEnvelope(facts).inside).toBe(true);
    expect(judgeEnvelope({ ...facts, pods: 30_001 }).left).toEqual([
      { limit: "pods", observed: 30_001, allowed: 30_000, sentence: "30,001 pods, promised up to 30,000" },
    ]);
  });

  it("names every limit that was left", () => {
    const { inside, left } = judgeEnvelope({ nodes: 6000, churnPerSecond: 44.25, podsPerNode: 41, coresPerNode: 4 });
    expect(inside).toBe(false);
    expect(left.map((each) => each.limit)).toEqual(["nodes", "churn", "pods-per-node"]);
    expect(left[1]?.sentence).toBe("44.3 pod changes and user requests in one second, promised up to 20");
  });
});
