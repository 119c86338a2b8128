import { describe, expect, it } from "vitest";
import { comparableFlags, featureGatesFlag, toArgv } from "./component.ts";
import { etcdFlags } from "./etcd.ts";
import { type KubeApiserverOptions, kubeApiserverFlags } from "./kube-apiserver.ts";
import { kubeControllerManagerFlags } from "./kube-controller-manager.ts";
import { kubeSchedulerConfiguration, kubeSchedulerFlags } from "./kube-scheduler.ts";

const files = (name: string) => ({ cert: `/run/pki/${name}.crt`, key: `/run/pki/${name}.key` });

const apiserver: KubeApiserverOptions = {
  port: 20443,
  etcdPort: 22379,
  etcdCa: "/run/pki/etcd-ca.crt",
  etcdClient: files("etcd-client"),
  clusterCa: "/run/pki/ca.crt",
  serving: files("apiserver"),
  kubeletClient: files("kubelet-client"),
  frontProxyCa: "/run/pki/front-proxy-ca.crt",
  frontProxyClient: files("front-proxy-client"),
  serviceAccountKey: files("sa"),
};
const controllerManager = {
  port: 20257,
  kubeconfig: "/run/kcm.kubeconfig",
  clusterCa: files("ca"),
  frontProxyCa: "/run/pki/front-proxy-ca.crt",
  serving: files("kcm"),
  serviceAccountKey: files("sa"),
};
const scheduler = {
  port: 20259,
  kubeconfig: "/run/scheduler.kubeconfig",
  configFile: "/run/scheduler.json",
  clusterCa: "/run/pki/ca.crt",
  frontProxyCa: "/run/pki/front-proxy-ca.crt",
  serving: files("scheduler"),
};

describe("etcd", () => {
  const flags = etcdFlags({
    dataDir: "/run/data/etcd",
    clientPort: 22379,
    peerPort: 22380,
    ca: "/run/pki/etcd-ca.crt",
    serving: files("etcd"),
  });

  it("syncs to disk, holds 8 GiB and compacts only when told to", () => {
    expect(Object.keys(flags)).not.toContain("unsafe-no-fsync");
    expect(flags["quota-backend-bytes"]).toBe("8589934592");
    expect(flags["auto-compaction-retention"]).toBe("0");
  });

  it("listens on loopback alone and wants certificates on both ports", () => {
    const urls = Object.entries(flags).filter(([name]) => name.endsWith("-urls"));
    expect(urls).toHaveLength(4);
    for (const [, url] of urls) expect(url).toMatch(/^https:\/\/127\.0\.0\.1:2238?/);
    expect(flags).toMatchObject({ "client-cert-auth": "true", "peer-client-cert-auth": "true" });
  });
});

describe("kube-apiserver", () => {
  const flags = kubeApiserverFlags(apiserver);

  it("authorizes nodes as nodes and keeps Priority & Fairness on", () => {
    expect(flags).toMatchObject({
      "authorization-mode": "Node,RBAC",
      "enable-admission-plugins": "NodeRestriction",
      "enable-priority-and-fairness": "true",
    });
  });

  it("reaches kubelets by address, with a certificate of its own and their authority", () => {
    expect(flags).toMatchObject({
      "kubelet-preferred-address-types": "InternalIP",
      "kubelet-client-certificate": "/run/pki/kubelet-client.crt",
      "kubelet-certificate-authority": "/run/pki/ca.crt",
    });
  });

  it("has an aggregation layer whose authority is not the one of users", () => {
    expect(flags["requestheader-client-ca-file"]).toBe("/run/pki/front-proxy-ca.crt");
    expect(flags["requestheader-client-ca-file"]).not.toBe(flags["client-ca-file"]);
    expect(flags["requestheader-allowed-names"]).toBe("front-proxy-client");
    expect(flags["proxy-client-cert-file"]).toBe("/run/pki/front-proxy-client.crt");
  });

  it("compacts every five minutes and says so", () => {
    expect(flags["etcd-compaction-interval"]).toBe("5m0s");
  });

  it("audits and reads tokens only on request", () => {
    const has = (name: string) => Object.keys(flags).some((flag) => flag.startsWith(name));
    expect([has("audit"), has("token-auth-file")]).toEqual([false, false]);
    const asked = kubeApiserverFlags({
      ...apiserver,
      tokenFile: "/run/tokens.csv",
      audit: { policyFile: "/run/policy.json", logFile: "/run/logs/audit.log" },
    });
    expect(asked).toMatchObject({
      "token-auth-file": "/run/tokens.csv",
      "audit-policy-file": "/run/policy.json",
      "audit-log-path": "/run/logs/audit.log",
      "audit-log-mode": "blocking",
      "audit-log-maxsize": "0",
    });
  });
});

describe("kube-controller-manager", () => {
  it("never gives up on an API server that is away, and signs and publishes", () => {
    expect(kubeControllerManagerFlags(controllerManager)).toMatchObject({
      "leader-elect": "false",
      "cluster-signing-cert-file": "/run/pki/ca.crt",
      "cluster-signing-key-file": "/run/pki/ca.key",
      "root-ca-file": "/run/pki/ca.crt",
      "service-account-private-key-file": "/run/pki/sa.key",
    });
  });

  it("has room for the pod networks of 10,000 nodes", () => {
    const flags = kubeControllerManagerFlags(controllerManager);
    const clusterBits = Number(flags["cluster-cidr"]?.split("/")[1]);
    const nodeBits = Number(flags["node-cidr-mask-size"]);
    expect(2 ** (nodeBits - clusterBits)).toBeGreaterThanOrEqual(10_000);
    // Its own limit: nodeipam refuses more than 16 bits between the two.
    expect(nodeBits - clusterBits).toBeLessThanOrEqual(16);
    expect(flags["allocate-node-cidrs"]).toBe("true");
  });

  it("leaves node lifecycle and worker counts alone", () => {
    const names = Object.keys(kubeControllerManagerFlags(controllerManager));
    expect(names.filter((name) => /^node-(monitor|eviction)|^concurrent-|unhealthy/.test(name))).toEqual([]);
  });

  it("has its own limits unless they are raised", () => {
    expect(Object.keys(kubeControllerManagerFlags(controllerManager))).not.toContain("kube-api-qps");
    const raised = kubeControllerManagerFlags({ ...controllerManager, limits: { qps: 500, burst: 1000 } });
    expect(raised).toMatchObject({ "kube-api-qps": "500", "kube-api-burst": "1000" });
  });
});

describe("kube-scheduler", () => {
  it("is configured by its file", () => {
    expect(kubeSchedulerFlags(scheduler)["config"]).toBe("/run/scheduler.json");
    expect(kubeSchedulerConfiguration("/k", { qps: 500, burst: 1000 })).toMatchObject({
      clientConnection: { kubeconfig: "/k", qps: 500, burst: 1000 },
      leaderElection: { leaderElect: false },
    });
    expect(kubeSchedulerConfiguration("/k", undefined)).toMatchObject({ clientConnection: { kubeconfig: "/k" } });
  });
});

describe("flags", () => {
  it("make a command line in which what the user gave wins", () => {
    expect(toArgv({ v: "1", port: "5" }, { v: "4", profiling: "false" })).toEqual([
      "--v=4",
      "--port=5",
      "--profiling=false",
    ]);
  });

  it("carry feature gates in the order of names to the three that know them", () => {
    const featureGates = { WatchList: false, AllAlpha: true };
    const expected = { "feature-gates": "AllAlpha=true,WatchList=false" };
    expect(featureGatesFlag(featureGates)).toEqual(expected);
    expect(kubeApiserverFlags({ ...apiserver, featureGates })).toMatchObject(expected);
    expect(kubeSchedulerFlags({ ...scheduler, featureGates })).toMatchObject(expected);
    expect(kubeControllerManagerFlags({ ...controllerManager, featureGates })).toMatchObject(expected);
    expect(featureGatesFlag({})).toEqual({});
  });

  it("are comparable without ports and paths of the run", () => {
    const shown = comparableFlags("kube-apiserver", kubeApiserverFlags(apiserver), "/run");
    const other = comparableFlags("kube-apiserver", kubeApiserverFlags({ ...apiserver, port: 1, etcdPort: 2 }), "/run");
    expect(shown).toEqual(other);
    expect(shown["kube-apiserver --authorization-mode"]).toBe("Node,RBAC");
    expect(JSON.stringify(shown)).not.toMatch(/\/run\/|20443|22379/);
  });
});
