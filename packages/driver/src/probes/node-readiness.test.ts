import { describe, expect, it } from "vitest";
import { NodeReadiness } from "./node-readiness.ts";

describe("NodeReadiness", () => {
  it("tells how long each node took, once", () => {
    const took: number[] = [];
    const nodes = new NodeReadiness((us) => took.push(us));
    nodes.observe("n1", false, 100);
    nodes.observe("n1", true, 350);
    nodes.observe("n1", true, 400);
    nodes.observe("n1", false, 500);
    nodes.observe("n1", true, 600);
    expect(took).toEqual([250]);
    expect(nodes.figures()).toEqual({ seen: 1, ready: 1, lost: 1 });
  });

  it("does not count a node twice that is deleted while Ready", () => {
    const nodes = new NodeReadiness();
    nodes.observe("n1", true, 0);
    nodes.remove("n1");
    nodes.remove("n1");
    expect(nodes.figures()).toEqual({ seen: 0, ready: 0, lost: 0 });
  });
});
