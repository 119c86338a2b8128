import { readFileSync } from "node:fs";
import { createApiClient, createHttp2Transport, resources, type Transport } from "@hollowfleet/client";
import type { LocalControlPlane } from "@hollowfleet/controlplane";
import { seededRandom, systemClock } from "@hollowfleet/core";
import {
  createHollowKubelet,
  type HollowKubelet,
  type KubeletObserver,
  type NodeSpec,
  noDelays,
  type ProfileName,
  profileOf,
} from "@hollowfleet/kubelet";
import { loadAuthority } from "@hollowfleet/pki";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAssets } from "./support/assets.ts";
import { eventually } from "./support/eventually.ts";
import { startPlane } from "./support/local-plane.ts";

/** One line of the audit log, as far as it is looked at. */
interface AuditEvent {
  readonly verb: string;
  readonly stage: string;
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
  readonly sourceIPs: readonly string[];
  readonly user: { readonly username: string };
  readonly userAgent: string;
  readonly objectRef?: { readonly resource: string; readonly subresource?: string };
  readonly responseStatus?: { readonly code: number };
}

/**
 * What a real kubelet and kubemark sent in the scenarios nodestart1, nodestart2 and gateoff-restart-with-pods of
 * kubelet-audit.json, without the CgroupV1 event (cgroup v1 only), the five pods of the restart and its second lease PUT.
 */
const kubemarkColdStart = {
  "create csinodes": 1,
  "create leases": 1,
  "create nodes": 1,
  "get csinodes !404": 2,
  "get leases !404": 2,
  "get nodes": 2,
  "get nodes !404": 4,
  "patch nodes/status": 2,
  "watch csidrivers": 1,
  "watch nodes": 1,
  "watch pods": 1,
  "watch runtimeclasses": 1,
  "watch services": 1,
};
const kubeletColdStart = {
  ...kubemarkColdStart,
  "create events": 7,
  "deletecollection resourceslices": 1,
  "patch events": 6,
};
const kubeletRestart = {
  "create events": 5,
  "create nodes !409": 1,
  "deletecollection resourceslices": 1,
  "get csinodes": 2,
  "get leases": 1,
  "get nodes": 3,
  "patch nodes/status": 1,
  "update leases": 1,
  "watch csidrivers": 1,
  "watch nodes": 1,
  "watch pods": 1,
  "watch runtimeclasses": 1,
  "watch services": 1,
};

let plane: LocalControlPlane;
const transports: Transport[] = [];
const kubelets = new Map<string, HollowKubelet>();
const errors: string[] = [];

const observer: KubeletObserver = {
  onNodeState: () => undefined,
  onLease: () => undefined,
  onPodPhase: () => undefined,
  onPodStarted: () => undefined,
  onError: (node, where, error) => void errors.push(`${node}: ${where}: ${error.message}`),
};

function specOf(number: number): NodeSpec {
  return {
    name: `node-${number}`,
    address: `127.77.0.${number + 1}`,
    kubeletPort: 10250,
    capacity: { cpu: "8", memory: "32Gi", "ephemeral-storage": "100Gi", pods: "110" },
    labels: { "topology.kubernetes.io/zone": "a", "node-role.kubernetes.io/worker": "", "example.com/rack": "7" },
    taints: [{ key: "dedicated", value: "test", effect: "PreferNoSchedule" }],
    kubeletVersion: "v1.36.3",
    fallbackPodCidr: `10.64.${number}.0/24`,
  };
}

/** Starts one node over a connection of its own, from its own address and with its own certificate. */
function startNode(number: number, profile: ProfileName): Transport {
  const spec = specOf(number);
  if (plane.nodeAuthority === undefined) throw new Error("a local control plane has its CA");
  const identity = loadAuthority(plane.nodeAuthority).issue({
    commonName: `system:node:${spec.name}`,
    organizations: ["system:nodes"],
    usage: "client",
  });
  const transport = createHttp2Transport({
    ...plane.endpoint,
    ...identity,
    localAddress: spec.address,
    clock: systemClock,
  });
  transports.push(transport);
  const kubelet = createHollowKubelet({
    spec,
    profile: profileOf(profile, "all"),
    delays: noDelays,
    api: createApiClient({ transport }),
    clock: systemClock,
    random: seededRandom(spec.name),
    observer,
  });
  kubelets.set(spec.name, kubelet);
  kubelet.start();
  return transport;
}

/** What a node's user has asked since a moment, in the order of arrival. Watches are counted when they open. */
function requestsOf(node: string, sinceMs = 0): AuditEvent[] {
  return readFileSync(plane.auditLogPath ?? "", "utf8")
    .split("\n")
    .filter((line) => line.includes(`"system:node:${node}"`))
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ user, verb, stage, requestReceivedTimestamp }) => {
      const opened = verb !== "watch" || stage === "ResponseStarted";
      return user.username === `system:node:${node}` && opened && Date.parse(requestReceivedTimestamp) >= sinceMs;
    });
}

/** "get nodes !404" and the like, counted. */
function counts(events: readonly AuditEvent[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { verb, objectRef, responseStatus } of events) {
    const resource = [objectRef?.resource, objectRef?.subresource].filter(Boolean).join("/");
    const code = responseStatus?.code ?? 0;
    const name = `${verb} ${resource}${code < 300 ? "" : ` !${code}`}`;
    found[name] = (found[name] ?? 0) + 1;
  }
  return found;
}

/** Ready, with a lease and the last of its watches. */
async function coldStarted(node: string): Promise<void> {
  await eventually(async () => {
    expect(kubelets.get(node)?.state).toBe("ready");
    expect(counts(requestsOf(node))).toMatchObject({ "create leases": 1, "watch pods": 1 });
  }, 30_000);
}

/** Reads whose number follows from what a server answered first: the POST of the Node, or the tries that need the Node. */
const racing = ["get nodes !404", "get nodes", "get leases !404"];

/** All counts are exact but those of the racing reads, which a busy machine moves by one or two. */
async function expectColdStart(node: string, expected: Readonly<Record<string, number>>): Promise<void> {
  const split = (all: Readonly<Record<string, number>>): [Record<string, number>, number] => [
    Object.fromEntries(Object.entries(all).filter(([name]) => !racing.includes(name) && name !== "update leases")),
    racing.reduce((sum, name) => sum + (all[name] ?? 0), 0),
  ];
  const [exact, races] = split(expected);
  await eventually(async () => {
    const [found, raced] = split(counts(requestsOf(node)));
    expect(found).toEqual(exact);
    expect(Math.abs(raced - races)).toBeLessThanOrEqual(2);
  });
}

describe.skipIf(noAssets)("hollow kubelets on a real API server", () => {
  beforeAll(async () => {
    plane = await startPlane({ audit: true });
    for (let number = 0; number < 8; number++) {
      startNode(number, number < 6 ? "kubelet" : "kubemark");
      await eventually(async () => expect(kubelets.get(`node-${number}`)?.state).toBe("ready"));
    }
    for (const node of kubelets.keys()) await coldStarted(node);
  }, 120_000);

  afterAll(async () => {
    for (const kubelet of kubelets.values()) kubelet.stop();
    for (const transport of transports) transport.close();
    await plane?.stop();
  }, 60_000);

  it("cold-starts with the requests of a real kubelet", async () => {
    for (let number = 0; number < 6; number++) await expectColdStart(`node-${number}`, kubeletColdStart);
  });

  it("cold-starts with the requests of kubemark", async () => {
    for (let number = 6; number < 8; number++) await expectColdStart(`node-${number}`, kubemarkColdStart);
  });

  it("speaks over one connection, from its own address and under its own name", () => {
    for (const [number, transport] of transports.entries()) {
      const events = requestsOf(`node-${number}`);
      expect(new Set(events.flatMap(({ sourceIPs }) => sourceIPs))).toEqual(new Set([`127.77.0.${number + 1}`]));
      expect(transport.stats().connects).toBe(1);
      const agents = new Set(events.map(({ userAgent }) => userAgent));
      expect(agents).toEqual(
        new Set([number < 6 ? "kubelet/v1.36.3 (linux/amd64) kubernetes/hollow" : "hollow-kubelet"]),
      );
    }
  });

  it("is Ready, with its labels but those that it may not set, its taint and its capacity", async () => {
    const transport = createHttp2Transport({
      ...plane.endpoint,
      ...(plane.admin.kind === "certificate" ? plane.admin : {}),
      clock: systemClock,
    });
    transports.push(transport);
    const admin = createApiClient({ transport });
    // The node lifecycle controller takes its taint away once it has seen the node Ready.
    await eventually(async () => {
      const { object } = await admin.get(resources.nodes, { name: "node-0" });
      expect(object.spec?.taints?.map(({ key }) => key)).toEqual(["dedicated"]);
      expect(object.spec?.podCIDR).toMatch(/\/24$/);
    });
    const { object: node } = await admin.get(resources.nodes, { name: "node-0" });
    expect(node.status?.conditions?.map(({ type, status }) => `${type} ${status}`)).toEqual([
      "MemoryPressure False",
      "DiskPressure False",
      "PIDPressure False",
      "Ready True",
    ]);
    expect(node.metadata?.labels).toMatchObject({ "topology.kubernetes.io/zone": "a", "example.com/rack": "7" });
    expect(node.metadata?.labels).not.toHaveProperty("node-role.kubernetes.io/worker");
    expect(node.status?.declaredFeatures).toHaveLength(4);
    expect(kubelets.get("node-0")?.state).toBe("ready");
  });

  it("at rest renews its lease 5.9 ± 0.2 times a minute and asks nothing else", async () => {
    const sinceMs = Date.now();
    const renewals = 4;
    await new Promise((resolve) => setTimeout(resolve, renewals * 10_400));
    const gaps: number[] = [];
    for (const node of kubelets.keys()) {
      const events = requestsOf(node, sinceMs);
      expect(Object.keys(counts(events))).toEqual(["update leases"]);
      const times = events.map(({ requestReceivedTimestamp }) => Date.parse(requestReceivedTimestamp));
      gaps.push(...times.slice(1).map((time, i) => time - (times[i] ?? 0)));
    }
    const perMinute = 60_000 / (gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length);
    expect(perMinute).toBeGreaterThan(5.7);
    expect(perMinute).toBeLessThan(6.1);
  });

  it("restarts with the requests of a real kubelet", async () => {
    kubelets.get("node-0")?.stop();
    transports[0]?.close();
    // The audit log has whole milliseconds at best, and what is under way still arrives.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const sinceMs = Date.now();
    startNode(0, "kubelet");
    await eventually(async () => {
      expect(counts(requestsOf("node-0", sinceMs))).toEqual(kubeletRestart);
    }, 8000);
    expect(kubelets.get("node-0")?.state).toBe("ready");
  });

  it("was never refused, and has nothing to complain about", () => {
    const refused = [...kubelets.keys()].flatMap((node) =>
      requestsOf(node).filter(({ responseStatus }) => [400, 403, 415, 422, 429].includes(responseStatus?.code ?? 0)),
    );
    expect(refused.map(({ requestURI }) => requestURI)).toEqual([]);
    expect(errors).toEqual([]);
  });
});
