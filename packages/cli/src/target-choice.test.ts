import { describe, expect, it } from "vitest";
import { parseComponentArgs, parseFeatureGates, targetChoice, targetFaults } from "./target-choice.ts";

describe("parseComponentArgs", () => {
  it("sorts flags by component", () => {
    expect(parseComponentArgs(["kube-apiserver=--v=2", "etcd=--debug", "kube-apiserver=--goaway-chance=0.01"])).toEqual(
      {
        "kube-apiserver": { v: "2", "goaway-chance": "0.01" },
        etcd: { debug: "true" },
      },
    );
  });

  it.each(["kubelet=--v=2", "kube-apiserver", "etcd=v"])("refuses %s with the form it should have", (arg) => {
    expect(() => parseComponentArgs([arg])).toThrow(`"${arg}" is not understood`);
  });
});

describe("parseFeatureGates", () => {
  it("reads the components' own form", () => {
    expect(parseFeatureGates("A=true, B=false")).toEqual({ A: true, B: false });
    expect(parseFeatureGates(undefined)).toBeUndefined();
    expect(() => parseFeatureGates("A=yes")).toThrow('"A=yes"');
  });
});

describe("targetChoice", () => {
  const flags = { target: "local", componentArg: [] };

  it("takes --kubeconfig for what it means", async () => {
    expect(await targetChoice({ ...flags, kubeconfig: "/k", context: "c", allowExisting: true }, undefined)).toEqual({
      kind: "kubeconfig",
      path: "/k",
      context: "c",
      allowed: true,
    });
  });

  it("refuses a target it does not know", async () => {
    await expect(targetChoice({ ...flags, target: "moon" }, undefined)).rejects.toThrow('"moon"');
  });
});

describe("targetFaults", () => {
  it("lists all that is wrong, each by its flag", () => {
    const faults = targetFaults({ target: "moon", componentArg: ["etcd"], featureGates: "A" });
    expect(faults.map(({ path }) => path)).toEqual(["--target", "--component-arg", "--feature-gates"]);
    expect(faults[0]?.message).toBe('"moon" is not known. Use auto, local, embedded or kubeconfig.');
    expect(targetFaults({ target: "kubeconfig" })).toEqual([]);
  });
});
