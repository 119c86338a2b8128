import { describe, expect, it } from "vitest";
import { ControlPlaneError } from "./control-plane-error.ts";
import { checkOptIn, connectExisting, type ExistingCluster } from "./existing.ts";

const cluster: ExistingCluster = {
  context: "kind-dev",
  endpoint: { server: "https://127.0.0.1:6443", caPem: "" },
  version: { major: 1, minor: 35, gitVersion: "v1.35.0" },
  kubeconfigPath: "kubeconfig",
  admin: { kind: "token", token: "t" },
};

describe("checkOptIn", () => {
  it.each([
    ["nothing was said", undefined, false],
    ["only the context was named", "kind-dev", false],
    ["the current context was taken", undefined, true],
    ["another context was named", "production", true],
  ])("refuses when %s", (_, namedContext, allowed) => {
    const check = () => checkOptIn("kind-dev", { namedContext, allowed });
    expect(check).toThrow(ControlPlaneError);
    expect(check).toThrow(/"kind-dev" was not started here/);
  });

  it("agrees when this context was named and allowed", () => {
    expect(() => checkOptIn("kind-dev", { namedContext: "kind-dev", allowed: true })).not.toThrow();
  });
});

describe("connectExisting", () => {
  const optIn = { namedContext: "kind-dev", allowed: true };

  it("holds no authority and stops nothing", async () => {
    const plane = connectExisting(cluster, optIn);
    expect(plane.nodeAuthority).toBeUndefined();
    expect(plane.driver).toBe(cluster.admin);
    expect(plane.processes()).toEqual([]);
    await plane.stop();
  });

  it("refuses without consent and unknown versions", () => {
    expect(() => connectExisting(cluster, { namedContext: undefined, allowed: true })).toThrow(/not started here/);
    const old = { ...cluster, version: { major: 1, minor: 29, gitVersion: "v1.29.1" } };
    expect(() => connectExisting(old, optIn)).toThrow(/v1\.29\.1/);
  });
});
