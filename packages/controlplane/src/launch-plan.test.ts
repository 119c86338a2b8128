import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createCertificates } from "./certificates.ts";
import { type LaunchPlan, planLaunch } from "./launch-plan.ts";
import type { LocalOptions } from "./local-options.ts";
import { createRunFolder, type RunFolder } from "./run-folder.ts";

const folders: RunFolder[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder.dir, { recursive: true, force: true });
});

function plan(options: Partial<LocalOptions> = {}, firstPort = 20_000): { plan: LaunchPlan; folder: RunFolder } {
  const folder = createRunFolder();
  folders.push(folder);
  const binaries = { etcd: "", "kube-apiserver": "", "kube-scheduler": "", "kube-controller-manager": "" };
  const [etcd, etcdPeer, apiserver, scheduler, controllerManager] = [0, 1, 2, 3, 4].map((i) => firstPort + i) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const certificates = createCertificates(folder.pkiDir);
  const endpoint = { server: `https://127.0.0.1:${apiserver}`, caPem: certificates.clusterAuthority.certPem };
  const ports = { etcd, etcdPeer, apiserver, scheduler, controllerManager };
  return { plan: planLaunch({ binaries, ...options }, folder, certificates, ports, endpoint), folder };
}

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"));

describe("planLaunch", () => {
  it("gives equal settings to two runs of one configuration, and different ones to two configurations", () => {
    const first = plan({}, 20_000).plan.settings;
    expect(plan({}, 30_000).plan.settings).toEqual(first);
    expect(plan({ componentDefaults: true }).plan.settings).not.toEqual(first);
    expect(plan({ featureGates: { WatchList: false } }).plan.settings).not.toEqual(first);
    expect(plan({ audit: true }).plan.settings).not.toEqual(first);
    const extra = plan({ extraFlags: { "kube-apiserver": { "max-requests-inflight": "800" } } }).plan;
    expect(extra.settings["kube-apiserver --max-requests-inflight"]).toBe("800");
    expect(extra.argv["kube-apiserver"]).toContain("--max-requests-inflight=800");
  });

  it("raises the clients' limits, or leaves them on request", () => {
    const raised = plan();
    expect(readJson(join(raised.folder.dir, "kube-scheduler.config.json")).clientConnection).toMatchObject({
      qps: 500,
      burst: 1000,
    });
    expect(raised.plan.argv["kube-controller-manager"]).toContain("--kube-api-qps=500");
    const own = plan({ componentDefaults: true });
    expect(Object.keys(readJson(join(own.folder.dir, "kube-scheduler.config.json")).clientConnection)).toEqual([
      "kubeconfig",
    ]);
    expect(own.plan.argv["kube-controller-manager"].join(" ")).not.toContain("kube-api-qps");
  });

  it("writes tokens and the audit policy on request, for its owner's eyes only", () => {
    const tokens = [{ token: "abc", user: "system:node:n1", groups: ["system:nodes", "extra"] }];
    const { plan: planned, folder } = plan({ staticTokens: tokens, audit: true });
    const path = join(folder.dir, "tokens.csv");
    expect(readFileSync(path, "utf8")).toBe('abc,system:node:n1,system:node:n1,"system:nodes,extra"\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(folder.dir).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder.pkiDir, "ca.key")).mode & 0o777).toBe(0o600);
    expect(planned.auditLogPath).toBe(join(folder.logsDir, "audit.log"));
    expect(readJson(join(folder.dir, "audit-policy.json"))).toMatchObject({ omitStages: ["RequestReceived"] });
  });
});
