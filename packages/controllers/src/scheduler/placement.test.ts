import { seededRandom } from "@hollowfleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Node, Pod, PodSpec } from "../objects/types.ts";
import { pod } from "../testing/objects.ts";
import { matchesNodeAffinity } from "./node-affinity.ts";
import { NodeTable } from "./node-table.ts";
import { type Placement, place } from "./placement.ts";

function room(
  name: string,
  change: { spec?: NonNullable<Node["spec"]>; labels?: Record<string, string>; cpu?: string } = {},
): Node {
  const allocatable = { cpu: change.cpu ?? "1", memory: "1Gi", pods: "3" };
  const metadata = { name, labels: change.labels ?? {} };
  return { apiVersion: "v1", kind: "Node", metadata, spec: change.spec ?? {}, status: { allocatable } };
}

function wants(name: string, spec: Partial<PodSpec>, cpu = "100m"): Pod {
  return pod(name, { spec: { containers: [{ name: "a", resources: { requests: { cpu } } }], ...spec } });
}

function table(nodes: readonly Node[], pods: readonly Pod[] = []): NodeTable {
  const filled = new NodeTable();
  for (const node of nodes) filled.setNode(node);
  for (const bound of pods) filled.setPod(bound);
  return filled;
}

function placeIn(nodes: NodeTable, wanted: Pod, enough = 100): Placement {
  return place(wanted, { nodes: nodes.nodes, startAt: 0, enough }, seededRandom(1));
}

const taint = (effect: string) => ({ taints: [{ key: "k", value: "v", effect }] });
const zone = (...values: string[]) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "In", values }] }],
    },
  },
});

describe("place", () => {
  it.each<[string, Node, Pod, string]>([
    ["cordoned", room("n", { spec: { unschedulable: true } }), wants("p", {}), "1 node(s) were unschedulable"],
    ["tainted", room("n", { spec: taint("NoSchedule") }), wants("p", {}), "1 node(s) had untolerated taint(s)"],
    ["evicted", room("n", { spec: taint("NoExecute") }), wants("p", {}), "1 node(s) had untolerated taint(s)"],
    [
      "no label",
      room("n"),
      wants("p", { nodeSelector: { disk: "ssd" } }),
      "1 node(s) didn't match Pod's node affinity/selector",
    ],
    [
      "other zone",
      room("n", { labels: { zone: "b" } }),
      wants("p", { affinity: zone("a") }),
      "1 node(s) didn't match Pod's node affinity/selector",
    ],
    ["too big", room("n"), wants("p", {}, "2"), "1 Insufficient cpu"],
    [
      "unknown resource",
      room("n"),
      wants("p", { containers: [{ name: "a", resources: { requests: { "x.io/gpu": "1" } } }] }),
      "1 Insufficient x.io/gpu",
    ],
  ])("refuses: %s", (_name, node, wanted, reason) => {
    expect(placeIn(table([node]), wanted)).toEqual({
      kind: "unschedulable",
      message: `0/1 nodes are available: ${reason}.`,
    });
  });

  it.each<[string, Node, Pod]>([
    ["tolerated", room("n", { spec: taint("NoSchedule") }), wants("p", { tolerations: [{ operator: "Exists" }] })],
    ["only not preferred", room("n", { spec: taint("PreferNoSchedule") }), wants("p", {})],
    ["zone", room("n", { labels: { zone: "a" } }), wants("p", { affinity: zone("a", "c") })],
    ["just fits", room("n"), wants("p", {}, "1")],
  ])("accepts: %s", (_name, node, wanted) => {
    expect(placeIn(table([node]), wanted)).toMatchObject({ kind: "placed", node: "n" });
  });

  it("counts reasons over nodes, each pod's room and host ports included", () => {
    const port = { containers: [{ name: "a", ports: [{ containerPort: 1, hostPort: 80 }] }] };
    const bound = (name: string, node: string, spec: Partial<PodSpec>) => wants(name, { ...spec, nodeName: node });
    const nodes = table(
      [room("a"), room("b"), room("c", { spec: { unschedulable: true } })],
      [bound("1", "a", port), ...["2", "3", "4"].map((name) => bound(name, "b", {}))],
    );
    const message =
      "0/3 nodes are available: 1 Too many pods, 1 node(s) didn't have free ports for the requested pod ports, " +
      "1 node(s) were unschedulable.";
    expect(placeIn(nodes, wants("p", port))).toEqual({ kind: "unschedulable", message });
    nodes.removePod("default/1");
    expect(placeIn(nodes, wants("p", port))).toMatchObject({ node: "a" });
  });

  it("says so when there is no node", () => {
    expect(placeIn(table([]), wants("p", {}))).toEqual({
      kind: "unschedulable",
      message: "no nodes available to schedule pods",
    });
  });

  it("prefers the node with the most left, and one without a soft taint", () => {
    const nodes = table([room("a"), room("b", { cpu: "2" }), room("c", { cpu: "8", spec: taint("PreferNoSchedule") })]);
    expect(placeIn(nodes, wants("p", {}))).toMatchObject({ node: "b" });
  });

  it("looks no further than for enough nodes", () => {
    const nodes = table(Array.from({ length: 10 }, (_, index) => room(`n${index}`)));
    expect(placeIn(nodes, wants("p", {}), 4)).toMatchObject({ kind: "placed", examined: 4 });
  });

  it("spreads equal pods over equal nodes, and repeats with its seed", () => {
    const spread = () => {
      const nodes = table(Array.from({ length: 5 }, (_, index) => room(`n${index}`)));
      const random = seededRandom(7);
      return Array.from({ length: 10 }, (_, index) => {
        const placement = place(wants(`p${index}`, {}), { nodes: nodes.nodes, startAt: 0, enough: 100 }, random);
        if (placement.kind !== "placed") throw new Error(placement.message);
        nodes.setPod(wants(`p${index}`, { nodeName: placement.node }));
        return placement.node;
      });
    };
    const first = spread();
    expect(spread()).toEqual(first);
    expect(new Set(first.slice(0, 5)).size).toBe(5);
    expect(new Set(first.slice(5)).size).toBe(5);
  });
});

describe("NodeTable", () => {
  const moves = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant("bind" as const), pod: fc.nat(8), node: fc.nat(3), cpu: fc.nat(500) }),
      fc.record({ do: fc.constant("end" as const), pod: fc.nat(8) }),
      fc.record({ do: fc.constant("delete" as const), pod: fc.nat(8) }),
      fc.record({ do: fc.constant("node" as const), node: fc.nat(3) }),
      fc.record({ do: fc.constant("lose" as const), node: fc.nat(3) }),
    ),
  );

  it("has the sums of the pods that run, whatever came before", () => {
    fc.assert(
      fc.property(moves, (list) => {
        const nodes = new NodeTable();
        const running = new Map<string, Pod>();
        const registered = new Set<string>();
        for (const move of list) {
          const name = "pod" in move ? `p${move.pod}` : "";
          const host = "node" in move ? `n${move.node}` : "";
          if (move.do === "bind" && !running.has(name)) {
            running.set(name, wants(name, { nodeName: host }, `${move.cpu}m`));
            nodes.setPod(running.get(name) as Pod);
          } else if (move.do === "end" || move.do === "delete") {
            const ended = running.get(name);
            running.delete(name);
            if (move.do === "delete") nodes.removePod(`default/${name}`);
            else if (ended !== undefined) nodes.setPod({ ...ended, status: { phase: "Succeeded" } });
          } else if (move.do === "node") {
            registered.add(host);
            nodes.setNode(room(host));
          } else if (move.do === "lose") {
            registered.delete(host);
            nodes.removeNode(host);
          }
        }
        expect(new Set(nodes.nodes.map(({ name }) => name))).toEqual(registered);
        expect(nodes.boundPods).toBe(running.size);
        for (const { name, pods, requested } of nodes.nodes) {
          const own = [...running.values()].filter(({ spec }) => spec?.nodeName === name);
          const cpus = own.map(({ spec }) =>
            Number(String(spec?.containers[0]?.resources?.requests?.["cpu"]).replace("m", "")),
          );
          expect(pods).toBe(own.length);
          expect(requested.get("cpu") ?? 0).toBe(cpus.reduce((a, b) => a + b, 0));
        }
      }),
    );
  });
});

describe("matchesNodeAffinity", () => {
  it.each([
    ["In", ["a"], { k: "a" }, true],
    ["In", ["a"], {}, false],
    ["NotIn", ["a"], {}, true],
    ["NotIn", ["a"], { k: "a" }, false],
    ["Exists", [], { k: "" }, true],
    ["DoesNotExist", [], { k: "" }, false],
    ["Gt", ["5"], { k: "6" }, true],
    ["Gt", ["5"], { k: "x" }, false],
    ["Lt", ["5"], { k: "4" }, true],
    ["Lt", ["5"], {}, false],
  ])("%s %j of %j: %s", (operator, values, labels: Record<string, string>, expected) => {
    const nodeSelectorTerms = [{}, { matchExpressions: [{ key: "k", operator, values }] }];
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
    expect(matchesNodeAffinity(wants("p", { affinity: { nodeAffinity } }).spec, room("n", { labels }))).toBe(expected);
  });

  it("matches fields by the node's name", () => {
    const nodeSelectorTerms = [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["n"] }] }];
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
    const { spec } = wants("p", { affinity: { nodeAffinity } });
    expect([matchesNodeAffinity(spec, room("n")), matchesNodeAffinity(spec, room("m"))]).toEqual([true, false]);
  });
});
