import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:tls";
import { promisify } from "node:util";
import { type LocalControlPlane, startLocal } from "@hollowfleet/controlplane";
import { loadAuthority } from "@hollowfleet/pki";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assetsOrSkip } from "./support/assets.ts";
import { rawRequest } from "./support/raw-request.ts";

const assets = await assetsOrSkip();
const run = promisify(execFile);
const nodeToken = { token: "token-of-n2", user: "system:node:n2", groups: ["system:nodes"] };

describe.skipIf(assets === undefined)("a local control plane", () => {
  let plane: LocalControlPlane;
  let other: LocalControlPlane;

  beforeAll(async () => {
    const binaries = assets!.paths;
    // At once: they must not meet.
    [plane, other] = await Promise.all([
      startLocal({ binaries, audit: true, staticTokens: [nodeToken] }),
      startLocal({ binaries, componentDefaults: true }),
    ]);
  });
  afterAll(() => Promise.all([plane?.stop(), other?.stop()]));

  it("is there twice, apart", async () => {
    expect(other.endpoint.server).not.toBe(plane.endpoint.server);
    expect(other.dir).not.toBe(plane.dir);
    const uid = async (of: LocalControlPlane) => {
      const { body } = await rawRequest(of.endpoint, of.admin, "GET", "/api/v1/namespaces/kube-system");
      return (body as { metadata: { uid: string } }).metadata.uid;
    };
    expect(await uid(plane)).not.toBe(await uid(other));
    // The one's credentials are nothing to the other.
    const crossed = rawRequest({ ...other.endpoint, caPem: plane.endpoint.caPem }, plane.admin, "GET", "/api");
    await expect(crossed).rejects.toThrow(/certificate/);
  });

  it("runs four processes whose ids are real", () => {
    const names = plane.processes().map(({ name, pid }) => {
      expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).toContain(name);
      return name;
    });
    expect(names).toEqual(["etcd", "kube-apiserver", "kube-scheduler", "kube-controller-manager"]);
  });

  it("works with kubectl through its kubeconfig", async () => {
    const kubectl = assets?.kubectl ?? "kubectl";
    const { stdout, stderr } = await run(kubectl, ["--kubeconfig", plane.kubeconfigPath, "get", "nodes"]);
    expect(stdout + stderr).toContain("No resources found");
  });

  it("says what it is made of, without ports and paths", () => {
    expect(plane.version.gitVersion).toBe(`v${assets?.version}`);
    expect(plane.settings).toMatchObject({
      "kubernetes version": plane.version.gitVersion,
      "etcd version": expect.stringMatching(/^\d+\.\d+\.\d+$/),
      "etcd --quota-backend-bytes": "8589934592",
      "kube-controller-manager --kube-api-qps": "500",
      "kube-scheduler clientConnection": "qps=500,burst=1000",
    });
    expect(other.settings["kube-scheduler clientConnection"]).toBe("defaults");
    expect(JSON.stringify(plane.settings)).not.toContain(plane.dir);
  });

  it("publishes its authority and takes pods in namespace default", async () => {
    const path = "/api/v1/namespaces/default/configmaps/kube-root-ca.crt";
    const { body } = await rawRequest(plane.endpoint, plane.driver, "GET", path);
    expect((body as { data: Record<string, string> }).data["ca.crt"]?.trim()).toBe(plane.endpoint.caPem.trim());
    const pod = { metadata: { name: "p" }, spec: { containers: [{ name: "c", image: "i" }] } };
    const created = await rawRequest(plane.endpoint, plane.driver, "POST", "/api/v1/namespaces/default/pods", pod);
    expect(created.status).toBe(201);
    expect((created.body as { spec: { volumes: unknown[] } }).spec.volumes).toHaveLength(1);
    const deleted = await rawRequest(plane.endpoint, plane.driver, "DELETE", "/api/v1/namespaces/default/pods/p");
    expect(deleted.status).toBe(200);
  });

  it("binds the driver by RBAC and sees it in Priority & Fairness, unlike the administrator", async () => {
    const { status } = await rawRequest(
      plane.endpoint,
      plane.driver,
      "POST",
      "/apis/rbac.authorization.k8s.io/v1/clusterroles",
      { metadata: { name: "more" }, rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] },
    );
    expect(status).toBe(403);
    const levelOf = async (credentials: LocalControlPlane["driver"]) => {
      const { headers } = await rawRequest(plane.endpoint, credentials, "GET", "/api/v1/nodes");
      const uid = headers["x-kubernetes-pf-prioritylevel-uid"];
      const { body } = await rawRequest(
        plane.endpoint,
        plane.admin,
        "GET",
        "/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations",
      );
      const { items } = body as { items: { metadata: { uid: string; name: string } }[] };
      return items.find(({ metadata }) => metadata.uid === uid)?.metadata.name;
    };
    expect(await levelOf(plane.driver)).toBe("global-default");
    expect(await levelOf(plane.admin)).toBe("exempt");
    const metrics = await rawRequest(plane.endpoint, plane.driver, "GET", "/metrics");
    expect(metrics.status).toBe(200);
  });

  it("lets the driver speak for nodes, and for no other group", async () => {
    const as = (group: string) =>
      rawRequest(plane.endpoint, plane.driver, "GET", "/api/v1/nodes/n9", undefined, {
        "impersonate-user": "system:node:n9",
        "impersonate-group": group,
      });
    // The Node authorizer lets it read itself, and there is no such node.
    expect((await as("system:nodes")).status).toBe(404);
    expect((await as("system:masters")).status).toBe(403);
  });

  it("knows nodes by the certificates of its authority and by tokens, and restricts them to themselves", async () => {
    const issued = loadAuthority(plane.nodeAuthority!).issue({
      commonName: "system:node:n1",
      organizations: ["system:nodes"],
      usage: "client",
    });
    const byCertificate = { kind: "certificate", ...issued } as const;
    const byToken = { kind: "token", token: nodeToken.token } as const;
    const register = (credentials: typeof byCertificate | typeof byToken, name: string) =>
      rawRequest(plane.endpoint, credentials, "POST", "/api/v1/nodes", { metadata: { name } });
    expect((await register(byCertificate, "n1")).status).toBe(201);
    expect((await register(byToken, "n2")).status).toBe(201);
    const foreign = await register(byCertificate, "n2");
    expect(foreign.status).toBe(403);
    expect((foreign.body as { message: string }).message).toMatch(/node "n1" is not allowed to .* "n2"/);
    const secrets = await rawRequest(plane.endpoint, byToken, "GET", "/api/v1/namespaces/default/secrets/s");
    expect(secrets.status).toBe(403);
    // The controller manager hands out pod networks.
    await expect
      .poll(
        async () => {
          const { body } = await rawRequest(plane.endpoint, plane.admin, "GET", "/api/v1/nodes/n1");
          return (body as { spec: { podCIDR?: string } }).spec.podCIDR;
        },
        { timeout: 20_000 },
      )
      .toMatch(/^10\.(12[89]|1[3-9]\d|2\d\d)\.\d+\.0\/24$/);
    for (const name of ["n1", "n2"]) await rawRequest(plane.endpoint, plane.admin, "DELETE", `/api/v1/nodes/${name}`);
  });

  it("writes bodies of node writes, and only metadata of the rest, into the audit log", () => {
    const events = readFileSync(plane.auditLogPath!, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { level: string; stage: string; verb: string; user: { username: string } });
    const nodeWrites = events.filter(({ verb, user }) => verb === "create" && user.username.startsWith("system:node:"));
    expect(nodeWrites.length).toBeGreaterThanOrEqual(3);
    expect(new Set(nodeWrites.map(({ level }) => level))).toEqual(new Set(["RequestResponse"]));
    const others = events.filter(({ user }) => user.username === "hollow-driver");
    expect(new Set(others.map(({ level }) => level))).toEqual(new Set(["Metadata"]));
    expect(events.some(({ stage }) => stage === "RequestReceived")).toBe(false);
    expect(other.auditLogPath).toBeUndefined();
  });

  it("keeps etcd from whoever has no certificate of it", async () => {
    const port = /--etcd-servers=https:\/\/127\.0\.0\.1:(\d+)/.exec(
      readFileSync(`/proc/${plane.processes()[1]?.pid}/cmdline`, "utf8"),
    )?.[1];
    const answer = new Promise<string>((resolve) => {
      const socket = connect({ port: Number(port), host: "127.0.0.1", rejectUnauthorized: false });
      socket.on("secureConnect", () => socket.write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n"));
      socket.on("data", (data) => resolve(data.toString()));
      socket.on("error", (error) => resolve(error.message));
    });
    expect(await answer).toMatch(/certificate required|alert/i);
  });

  it("stops once and for all, and leaves nothing", async () => {
    const pids = plane.processes().map(({ pid }) => pid);
    await Promise.all([plane.stop(), plane.stop()]);
    await plane.stop();
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
    expect(existsSync(plane.dir)).toBe(false);
    expect(plane.processes()).toEqual([]);
    // The other one does not notice.
    expect((await rawRequest(other.endpoint, other.admin, "GET", "/readyz")).status).toBe(200);
  });
});
