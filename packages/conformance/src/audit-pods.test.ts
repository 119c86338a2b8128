import type { LocalControlPlane } from "@hollowfleet/controlplane";
import type { Fleet } from "@hollowfleet/fleet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAssets } from "./support/assets.ts";
import {
  type AuditEntry,
  AuditLog,
  countRequests,
  eventReasons,
  isAuthorizerBehind,
  podRequests,
  refusals,
  requestName,
  statusPatches,
} from "./support/audit-log.ts";
import { type ApiObject, Cluster, isReady, type PodOptions } from "./support/cluster.ts";
import { eventually } from "./support/eventually.ts";
import { startPlane } from "./support/local-plane.ts";
import { fleetNodes, nodeFleetPlan, startNodeFleet } from "./support/node-fleet.ts";
import {
  conditionOrder,
  deletionPatches,
  normalised,
  runningStatus,
  startPatches,
  terminated,
  withoutTransitionTimes,
} from "./support/status-patch.ts";

/** One node for each kind of pod, so that no pod waits for another kind's pushes. */
const [
  plainNode = "",
  probeNode = "",
  initNode = "",
  volumeNode = "",
  jobNode = "",
  crashNode = "",
  brokenNode = "",
  bodyNode = "",
] = fleetNodes(8);
const nodes = [plainNode, probeNode, initNode, volumeNode, jobNode, crashNode, brokenNode, bodyNode];

/** kubelet-audit §3 */
const start = {
  "create events": 3,
  "create serviceaccounts/token": 1,
  "get pods": 3,
  "patch pods/status": 3,
};

const scenarioTimeoutMs = 110_000;

/**
 * One pod at a time on a node, and a runtime slower than the measured one: a push that this machine is slow to answer is
 * then over before the next, with which it would merge, as it would for a real kubelet.
 */
const delays = {
  sandbox: { kind: "constant", ms: 900 },
  container: { kind: "constant", ms: 500 },
  serialised: true,
  stop: { kind: "constant", ms: 500 },
} as const;

describe.skipIf(noAssets)("the audit log of a pod's life", { concurrent: true }, () => {
  let plane: LocalControlPlane;
  let fleet: Fleet;
  let log: AuditLog;
  let cluster: Cluster;

  beforeAll(async () => {
    plane = await startPlane({ audit: true });
    log = new AuditLog(plane.auditLogPath ?? "");
    cluster = new Cluster(plane);
    fleet = await startNodeFleet(nodeFleetPlan(plane, nodes.length, { delays }));
    const names = ["plain", "probe", "init", "volume", "job", "crash", "broken", "body"];
    await Promise.all(names.map((name) => cluster.createNamespace(name)));
    await eventually(async () => {
      const ready = (await cluster.list("/api/v1/nodes")).filter(isReady);
      expect(ready).toHaveLength(nodes.length);
      expect(ready.filter(({ spec }) => spec?.["taints"] !== undefined)).toEqual([]);
    }, 60_000);
  });

  afterAll(async () => {
    await fleet?.stop();
    const refused = log === undefined ? [] : nodes.flatMap((node) => refusals(log.of(node)));
    await plane?.stop();
    expect(refused).toEqual([]);
  });

  /** A pod's requests once there are as many as wanted, and then for a moment without a further one. */
  async function settled(node: string, namespace: string, pod: string, wanted: object): Promise<AuditEntry[]> {
    const look = (): AuditEntry[] => podRequests(log.of(node), namespace, pod);
    await eventually(() => Promise.resolve(expect(countRequests(look()), pod).toMatchObject(wanted))).catch(
      () => undefined,
    );
    await pause(500);
    return look();
  }

  /**
   * Tries with one pod after the other until the Node authorizer refused nothing of it: a refused push is carried by the
   * next one, so that the pod makes other requests than these.
   */
  async function unrefused(
    name: string,
    attempt: (pod: string) => Promise<AuditEntry[]>,
  ): Promise<{ pod: string; entries: AuditEntry[] }> {
    for (let tries = 0; tries < 6; tries++) {
      const pod = `${name}-${tries}`;
      const entries = await attempt(pod);
      if (!entries.some(isAuthorizerBehind)) return { pod, entries };
    }
    throw new Error(`the Node authorizer was behind for every pod ${name}`);
  }

  /** Runs a pod alone until it is Ready and the node has said so. */
  function started(
    node: string,
    namespace: string,
    name: string,
    wanted: object,
    options?: PodOptions,
  ): Promise<{ pod: string; entries: AuditEntry[] }> {
    return unrefused(name, async (pod) => {
      await runPod(node, namespace, pod, options);
      return settled(node, namespace, pod, wanted);
    });
  }

  async function runPod(node: string, namespace: string, pod: string, options?: PodOptions): Promise<ApiObject> {
    await cluster.createPod(namespace, pod, node, options);
    return cluster.podWhen(namespace, pod, isReady);
  }

  it("of single pods: 10 requests each to start, 7 or 8 to end", { timeout: scenarioTimeoutMs }, async () => {
    for (let number = 0; number < 10; number++) {
      const { pod, entries } = await started(plainNode, "plain", `single-${number}`, start);
      expect(countRequests(entries), pod).toEqual(start);
      expect(eventReasons(entries)).toEqual(["Pulled", "Created", "Started"]);
      expect(statusPatches(entries).map((patch) => withoutTransitionTimes(normalised(patch)))).toEqual(
        startPatches.map((patch, index) => (index === 0 ? withoutTransitionTimes(patch) : patch)),
      );
      const [first] = statusPatches(entries);
      expect(normalised(first)).toEqual(startPatches[0]);

      await cluster.deletePod("plain", pod);
      await cluster.podGone("plain", pod);
      const all = await settled(plainNode, "plain", pod, { "delete pods": 1 });
      const ended = all.slice(entries.length);
      const { "get pods": gets, ...others } = countRequests(ended);
      expect(others, pod).toEqual({ "create events": 1, "delete pods": 1, "patch pods/status": 2 });
      expect(gets, pod).toBeGreaterThanOrEqual(3);
      expect(gets, pod).toBeLessThanOrEqual(4);
      expect(eventReasons(ended)).toEqual(["Killing"]);
      expect(statusPatches(ended).map((patch) => withoutTransitionTimes(normalised(patch)))).toEqual(deletionPatches);
      const last = ended.find(({ verb }) => verb === "delete");
      expect(last?.requestURI).toBe(`/api/v1/namespaces/plain/pods/${pod}`);
      expect(last?.requestObject).toMatchObject({
        gracePeriodSeconds: 0,
        preconditions: { uid: expect.any(String) },
      });
    }
  });

  it("of a token request and the three events of a container", { timeout: scenarioTimeoutMs }, async () => {
    const { pod, entries } = await started(bodyNode, "body", "bodies", start);
    const { metadata } = await cluster.pod("body", pod);
    const token = entries.find((entry) => requestName(entry) === "create serviceaccounts/token");
    expect(token?.requestObject).toMatchObject({
      spec: {
        audiences: null,
        expirationSeconds: 3607,
        boundObjectRef: { kind: "Pod", apiVersion: "v1", name: pod, uid: metadata.uid },
      },
    });
    const events = entries.filter((entry) => requestName(entry) === "create events");
    expect(events.map(({ requestObject }) => (requestObject as { message: string }).message)).toEqual([
      'Container image "app:1" already present on machine and can be accessed by the pod',
      "Container created",
      "Container started",
    ]);
    for (const { requestObject, objectRef } of events) {
      expect(objectRef?.name).toMatch(new RegExp(`^${pod}\\.[0-9a-f]{16}$`));
      expect(requestObject).toMatchObject({
        involvedObject: {
          kind: "Pod",
          namespace: "body",
          name: pod,
          uid: metadata.uid,
          apiVersion: "v1",
          resourceVersion: expect.stringMatching(/^\d+$/),
          fieldPath: "spec.containers{c}",
        },
        source: { component: "kubelet", host: bodyNode },
        type: "Normal",
        count: 1,
        reportingComponent: "kubelet",
        reportingInstance: bodyNode,
      });
    }
  });

  it("of a readiness probe: one GET and one PATCH more", { timeout: scenarioTimeoutMs }, async () => {
    const probe = { tcpSocket: { port: 80 }, initialDelaySeconds: 3, periodSeconds: 2 };
    const wanted = { ...start, "get pods": 4, "patch pods/status": 4 };
    const container = { readinessProbe: probe };
    const { entries } = await started(probeNode, "probe", "probed", wanted, { container });
    expect(countRequests(entries)).toEqual(wanted);
    const patches = statusPatches(entries).map((patch) => withoutTransitionTimes(normalised(patch)));
    expect(patches[2]).toEqual({
      metadata: { uid: "UID" },
      status: {
        containerStatuses: [runningStatus({ ready: false })],
        phase: "Running",
        podIP: "POD-IP",
        podIPs: [{ ip: "POD-IP" }],
      },
    });
    expect(patches[3]).toEqual({
      metadata: { uid: "UID" },
      status: {
        "$setElementOrder/conditions": conditionOrder,
        conditions: [
          { message: null, reason: null, status: "True", type: "Ready" },
          { message: null, reason: null, status: "True", type: "ContainersReady" },
        ],
        containerStatuses: [runningStatus({})],
      },
    });
  });

  it("of an init container: two GETs, two PATCHes and three events more", { timeout: scenarioTimeoutMs }, async () => {
    const wanted = { ...start, "create events": 6, "get pods": 5, "patch pods/status": 5 };
    const { entries } = await started(initNode, "init", "prepared", wanted, {
      annotations: { "hollowfleet.dev/run-time.prepare": "2s" },
      spec: { initContainers: [{ name: "prepare", image: "app:1" }] },
    });
    expect(countRequests(entries)).toEqual(wanted);
    expect(eventReasons(entries)).toEqual(["Pulled", "Created", "Started", "Pulled", "Created", "Started"]);
    const [first, second, third, fourth, fifth] = statusPatches(entries) as StatusPatch[];
    expect(first?.status.conditions).toContainEqual(
      expect.objectContaining({
        type: "Initialized",
        status: "False",
        reason: "ContainersNotInitialized",
        message: "containers with incomplete status: [prepare]",
      }),
    );
    const notYet = { waiting: { reason: "PodInitializing" } };
    expect(first?.status).toMatchObject({
      containerStatuses: [{ name: "c", state: notYet }],
      initContainerStatuses: [{ name: "prepare", state: notYet }],
    });
    expect(second?.status.conditions).toEqual([
      expect.objectContaining({ status: "True", type: "PodReadyToStartContainers" }),
    ]);
    expect(third?.status).toMatchObject({
      initContainerStatuses: [{ state: { running: {} } }],
      podIP: expect.stringMatching(/^10\./),
    });
    expect(fourth?.status).toMatchObject({ initContainerStatuses: [{ state: { terminated: { exitCode: 0 } } }] });
    expect(fourth?.status.conditions).toContainEqual(expect.objectContaining({ type: "Initialized", status: "True" }));
    expect(fifth?.status).toMatchObject({ phase: "Running", containerStatuses: [{ ready: true }] });
  });

  it("of ConfigMap and Secret volumes: one watch for each object of a node", {
    timeout: scenarioTimeoutMs,
  }, async () => {
    const base = "/api/v1/namespaces/volume";
    for (const name of ["one", "two"]) {
      await cluster.send("POST", `${base}/configmaps`, { metadata: { name: `cfg-${name}` }, data: { a: "b" } });
      await cluster.send("POST", `${base}/secrets`, { metadata: { name: `sec-${name}` }, stringData: { a: "b" } });
    }
    const watches = (): string[] =>
      log
        .of(volumeNode)
        .filter((entry) => entry.objectRef?.namespace === "volume" && !isAuthorizerBehind(entry))
        .filter(({ verb }) => verb === "watch")
        .map(({ requestURI, objectRef }) => {
          const selector = new URL(requestURI, "https://127.0.0.1").searchParams.get("fieldSelector");
          return `${objectRef?.resource} ${selector}`;
        })
        .sort();
    const root = "configmaps metadata.name=kube-root-ca.crt";
    const one = ["configmaps metadata.name=cfg-one", root, "secrets metadata.name=sec-one"];
    const two = ["configmaps metadata.name=cfg-two", "secrets metadata.name=sec-two"];
    for (const [pod, objects, expected] of [
      ["first", "one", one],
      ["second", "one", one],
      ["third", "two", [...one, ...two].sort()],
    ] as const) {
      const { entries } = await started(volumeNode, "volume", pod, start, withVolumes(objects));
      expect(countRequests(entries), pod).toEqual(start);
      expect(watches(), pod).toEqual(expected);
    }
  });

  it("of a Job's pod: three GETs and two PATCHes for its end", { timeout: scenarioTimeoutMs }, async () => {
    const template = { spec: { restartPolicy: "Never", nodeSelector: onNode(jobNode), containers: [container] } };
    const jobs = "/apis/batch/v1/namespaces/job/jobs";
    const wanted = { ...start, "get pods": 6, "patch pods/status": 5 };
    let pod = "";
    const { pod: job, entries } = await unrefused("once", async (name) => {
      await cluster.send("POST", jobs, { metadata: { name }, spec: { template } });
      await eventually(async () => {
        const { status } = await cluster.send("GET", `${jobs}/${name}`);
        expect(status).toMatchObject({ succeeded: 1, conditions: expect.arrayContaining([complete]) });
      }, 40_000);
      const [only] = await cluster.list(`/api/v1/namespaces/job/pods?labelSelector=job-name%3D${name}`);
      pod = only?.metadata.name ?? "";
      return settled(jobNode, "job", pod, wanted);
    });
    expect(countRequests(entries)).toEqual(wanted);
    const [ended, over] = statusPatches(entries)
      .slice(3)
      .map((patch) => withoutTransitionTimes(normalised(patch)));
    expect(ended).toMatchObject({
      status: {
        conditions: expect.arrayContaining([expect.objectContaining({ type: "Ready", reason: "PodCompleted" })]),
        containerStatuses: [{ ready: false, state: terminated(0, "Completed") }],
      },
    });
    expect(ended).not.toHaveProperty("status.phase");
    expect(over).toEqual({
      metadata: { uid: "UID" },
      status: {
        "$setElementOrder/conditions": conditionOrder,
        conditions: [{ status: "False", type: "PodReadyToStartContainers" }],
        phase: "Succeeded",
      },
    });
    await cluster.send("DELETE", `${jobs}/${job}?propagationPolicy=Background`);
    await cluster.podGone("job", pod);
    await pause(1000);
    const after = podRequests(log.of(jobNode), "job", pod).slice(entries.length);
    expect(countRequests(after)).toEqual({});
  });

  it("of a crash loop: 40 requests for the first run and three restarts", { timeout: scenarioTimeoutMs }, async () => {
    const options = { annotations: { "hollowfleet.dev/crash-loop": "true", "hollowfleet.dev/run-time": "1200ms" } };
    const crashed = (pod: ApiObject): boolean => {
      const [status] = (pod.status?.["containerStatuses"] ?? []) as readonly ContainerStatus[];
      return status?.restartCount === 3 && status.state["terminated"] !== undefined;
    };
    const wanted = {
      "create events": 4,
      "create serviceaccounts/token": 1,
      "get pods": 12,
      "patch events": 11,
      "patch pods/status": 12,
    };
    // Refused is its first push or none: that is seen before it has crashed three times.
    const { pod } = await unrefused("looping", async (name) => {
      await cluster.createPod("crash", name, crashNode, options);
      await cluster.podWhen("crash", name, (found) => found.status?.phase === "Running");
      return podRequests(log.of(crashNode), "crash", name);
    });
    await cluster.podWhen("crash", pod, crashed, 90_000);
    const entries = await settled(crashNode, "crash", pod, wanted);
    expect(countRequests(entries)).toEqual(wanted);
    expect(eventReasons(entries)).toEqual(["Pulled", "Created", "Started", "BackOff"]);
    const states = (statusPatches(entries) as StatusPatch[]).map(({ status }) =>
      stateOf(status.containerStatuses?.[0]),
    );
    expect(states).toEqual([
      "0 waiting ContainerCreating",
      undefined,
      "0 running",
      "0 terminated Error",
      "1 running",
      "1 terminated Error",
      "1 waiting CrashLoopBackOff",
      "2 running",
      "2 terminated Error",
      "2 waiting CrashLoopBackOff",
      "3 running",
      "3 terminated Error",
    ]);

    await cluster.deletePod("crash", pod);
    await cluster.podGone("crash", pod);
    const all = await settled(crashNode, "crash", pod, { "delete pods": 1 });
    const { "get pods": gets, ...others } = countRequests(all.slice(entries.length));
    expect(others).toEqual({ "delete pods": 1, "patch pods/status": 2 });
    expect(gets).toBeGreaterThanOrEqual(3);
    expect(gets).toBeLessThanOrEqual(4);
    expect(statusPatches(all).at(-1)).toMatchObject({
      status: {
        phase: "Failed",
        conditions: expect.arrayContaining([expect.objectContaining({ type: "Ready", reason: "PodFailed" })]),
      },
    });
  });

  it("of a sandbox that cannot be made: one push, then an event per try", { timeout: scenarioTimeoutMs }, async () => {
    const options = { annotations: { "hollowfleet.dev/sandbox-failure": "true" } };
    const wanted = { "create events": 3, "create serviceaccounts/token": 1, "get pods": 1, "patch pods/status": 1 };
    const { pod, entries } = await unrefused("unmade", async (name) => {
      await cluster.createPod("broken", name, brokenNode, options);
      const look = (): AuditEntry[] => podRequests(log.of(brokenNode), "broken", name);
      await eventually(() => Promise.resolve(expect(countRequests(look())).toMatchObject(wanted)), 60_000);
      return look();
    });
    expect(countRequests(entries)).toEqual(wanted);
    expect(new Set(eventReasons(entries))).toEqual(new Set(["FailedCreatePodSandBox"]));
    await cluster.deletePod("broken", pod);
    await cluster.podGone("broken", pod);
    const all = await settled(brokenNode, "broken", pod, { "delete pods": 1 });
    const ended = all.slice(entries.length);
    const { "get pods": _, ...others } = countRequests(ended);
    expect(others).toEqual({ "delete pods": 1, "patch pods/status": 2 });
    expect(statusPatches(ended).at(-1)).toMatchObject({
      status: {
        containerStatuses: [{ state: { terminated: { exitCode: 137, reason: "ContainerStatusUnknown" } } }],
      },
    });
  });
});

const container = { name: "c", image: "app:1" };
const complete: object = expect.objectContaining({ type: "Complete", status: "True" });

interface ContainerStatus {
  readonly restartCount: number;
  readonly state: Readonly<Record<string, { readonly reason?: string }>>;
}

interface StatusPatch {
  readonly status: {
    readonly conditions?: readonly object[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

function onNode(node: string): object {
  return { "kubernetes.io/hostname": node };
}

/** "1 waiting CrashLoopBackOff": restarts, state and its reason. */
function stateOf(status: ContainerStatus | undefined): string | undefined {
  if (status === undefined) return undefined;
  const [[state, detail] = ["none", undefined]] = Object.entries(status.state);
  return [status.restartCount, state, detail?.reason].filter((part) => part !== undefined).join(" ");
}

function withVolumes(objects: string): PodOptions {
  return {
    container: {
      volumeMounts: [
        { name: "cfg", mountPath: "/cfg" },
        { name: "sec", mountPath: "/sec" },
      ],
    },
    spec: {
      volumes: [
        { name: "cfg", configMap: { name: `cfg-${objects}` } },
        { name: "sec", secret: { secretName: `sec-${objects}` } },
      ],
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
