import { describe, expect, it } from "vitest";
import { splitLabels } from "./labels.ts";

describe("splitLabels", () => {
  it.each([
    ["topology.kubernetes.io/zone", true],
    ["topology.kubernetes.io/rack", false],
    ["node.kubernetes.io/instance-type", true],
    ["node.kubernetes.io/anything", true],
    ["kubelet.kubernetes.io/anything", true],
    ["sub.kubelet.kubernetes.io/x", true],
    ["node-role.kubernetes.io/worker", false],
    ["kubernetes.io/hostname", true],
    ["kubernetes.io/role", false],
    ["x.k8s.io/y", false],
    ["node-restriction.kubernetes.io/team", false],
    ["a.node-restriction.kubernetes.io/team", false],
    ["hollowfleet.dev/run", true],
    ["notkubernetes.io/x", true],
    ["plain", true],
  ])("%s: own %s", (key, own) => {
    const split = splitLabels({ [key]: "v" });
    expect(split).toEqual(own ? { own: { [key]: "v" }, forbidden: {} } : { own: {}, forbidden: { [key]: "v" } });
  });
});
