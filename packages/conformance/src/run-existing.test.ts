import type { LocalControlPlane } from "@hollowfleet/controlplane";
import { validateRunResult } from "@hollowfleet/metrics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAssets } from "./support/assets.ts";
import { eventually } from "./support/eventually.ts";
import { readResult } from "./support/hollow.ts";
import { startPlane } from "./support/local-plane.ts";
import { type OwnFolder, ownFolder } from "./support/own-folder.ts";
import { rawRequest } from "./support/raw-request.ts";

describe.skipIf(noAssets)("a cluster that hollow did not start", () => {
  let plane: LocalControlPlane;
  let own: OwnFolder;
  let where: string[];

  beforeAll(async () => {
    own = ownFolder();
    plane = await startPlane();
    where = ["--kubeconfig", plane.kubeconfigPath, "--context", "hollowfleet", "--allow-existing"];
    // Somebody else's: a run must leave it alone.
    const node = { metadata: { name: "theirs", labels: { "hollowfleet.dev/pool": "hollow" } } };
    expect((await rawRequest(plane.endpoint, plane.admin, "POST", "/api/v1/nodes", node)).status).toBe(201);
  });
  afterAll(async () => {
    await plane?.stop();
    own.remove();
  });

  async function names(path: string): Promise<string[]> {
    const { body } = await rawRequest(plane.endpoint, plane.admin, "GET", path);
    return (body as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);
  }

  const leftOfRuns = async () => ({
    nodes: (await names("/api/v1/nodes")).filter((name) => name !== "theirs"),
    namespaces: (await names("/api/v1/namespaces")).filter((name) => name.startsWith("hf-")),
    leases: await names("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"),
  });
  const nothing = { nodes: [], namespaces: [], leases: [] };

  it("takes a run of impersonated nodes and is as it was before", async () => {
    const load = ["--nodes", "5", "--pods-per-node", "2", "--duration", "2s", "--set", "workload.latencyPods.count=5"];
    const { code, stderr } = await own.start(["run", ...load, ...where, "--out", own.out]).ended;
    const result = readResult(own.out);
    expect(await validateRunResult(result)).toEqual([]);
    expect(code, stderr).toBe(result.exitCode);
    expect(["passed", "failed", "invalid"]).toContain(result.outcome);
    expect(result.nodes).toMatchObject({ planned: 5, registered: 5, ready: 5 });
    expect(result.manifest).toMatchObject({
      identity: "impersonate",
      target: { kind: "kubeconfig", real: true, context: "hollowfleet" },
    });
    expect(result.podStartup.map(({ neverReady }) => neverReady)).toEqual([0, 0]);
    expect(result.cleanup).toEqual({ state: "clean", left: [] });
    expect(await leftOfRuns()).toEqual(nothing);
    expect(await names("/api/v1/nodes")).toEqual(["theirs"]);
  });

  it("is cleaned by an interrupted run", async () => {
    const run = own.start(["run", "steady", "--nodes", "3", "--duration", "10m", ...where, "--out", own.out]);
    await run.shows(/\d probe/);
    expect((await leftOfRuns()).nodes).toHaveLength(3);
    run.child.kill("SIGINT");
    expect((await run.ended).code).toBe(130);
    expect(readResult(own.out)).toMatchObject({ outcome: "interrupted", cleanup: { state: "clean" } });
    expect(await leftOfRuns()).toEqual(nothing);
  });

  it("is cleaned by `hollow cleanup` after kill -9", async () => {
    const run = own.start(["run", "steady", "--nodes", "3", "--duration", "10m", ...where, "--out", own.out]);
    await run.shows(/\d probe/);
    run.child.kill("SIGKILL");
    await run.ended;
    const id = /^([0-9a-f]{8})-/.exec((await leftOfRuns()).nodes[0] ?? "")?.[1];
    const other = await own.start(["cleanup", "00000000", ...where]).ended;
    expect(other).toMatchObject({ code: 0, stdout: "run 00000000: clean\n" });
    expect((await leftOfRuns()).nodes).toHaveLength(3);

    const cleanup = await own.start(["cleanup", ...where]).ended;
    expect(cleanup).toMatchObject({ code: 0, stdout: `run ${id}: clean\n` });
    await eventually(async () => expect(await leftOfRuns()).toEqual(nothing));
    expect(await names("/api/v1/nodes")).toEqual(["theirs"]);
    const again = await own.start(["cleanup", ...where]).ended;
    expect(again).toMatchObject({ code: 0, stdout: "nothing of any run is in the cluster\n" });
  });
});
