import { seededRandom } from "@hollowfleet/core";
import { describe, expect, it } from "vitest";
import { type KubeObject, nameOf, timestamp } from "../objects/meta.ts";
import type { Pod, ReplicaSet } from "../objects/types.ts";
import { TestCluster } from "../testing/cluster.ts";
import { faulty } from "../testing/faulty-store.ts";
import { MemoryStoreError } from "../testing/memory-store.ts";
import { pod, template } from "../testing/objects.ts";
import { byDeletionRank } from "./deletion-rank.ts";
import { nextAvailableMs, planReplicaSet, replicaSetStatus } from "./plan.ts";

const nowMs = Date.UTC(2026, 0, 2);
const gone = { metadata: { deletionTimestamp: "2026-01-02T00:00:00Z" } };

function replicaSet(replicas: number, change: Partial<ReplicaSet> = {}): ReplicaSet {
  const spec = { replicas, selector: {}, template: template("web"), ...change.spec };
  const metadata = { name: "web", namespace: "default", generation: 3, ...change.metadata };
  return { apiVersion: "apps/v1", kind: "ReplicaSet", ...change, metadata, spec };
}

function plan(set: ReplicaSet, pods: readonly Pod[], most = 50) {
  const { create, deletes } = planReplicaSet({ replicaSet: set, pods, neighbours: () => 0, most }, nowMs);
  return { create, deletes: deletes.map(nameOf) };
}

describe("planReplicaSet", () => {
  const running = pod("running", { spec: { nodeName: "n" }, ready: true });

  it("replaces pods that ended or are being deleted", () => {
    const ended = pod("ended", { status: { phase: "Failed" } });
    expect(plan(replicaSet(2), [running, ended, pod("deleted", gone)])).toEqual({ create: 1, deletes: [] });
  });

  it("creates and deletes in bounded lots", () => {
    expect(plan(replicaSet(100), [], 30).create).toBe(30);
    const pods = Array.from({ length: 9 }, (_, index) => pod(`p${index}`));
    expect(plan(replicaSet(0), pods, 4).deletes).toHaveLength(4);
  });

  it("leaves pods alone while it is being deleted", () => {
    expect(plan(replicaSet(5, gone), [])).toEqual({ create: 0, deletes: [] });
    expect(plan(replicaSet(0, gone), [running])).toEqual({ create: 0, deletes: [] });
  });
});

describe("byDeletionRank", () => {
  const onNode = { spec: { nodeName: "n" } };
  const old = { metadata: { creationTimestamp: "2026-01-01T00:00:00Z" } };
  const cheap = { metadata: { annotations: { "controller.kubernetes.io/pod-deletion-cost": "-5" } } };

  it("takes first what would be missed least", () => {
    const pods = [
      pod("old", { ...onNode, ...old, ready: true }),
      pod("young", { ...onNode, metadata: { creationTimestamp: "2026-01-01T23:59:59Z" }, ready: true }),
      pod("crowded", { spec: { nodeName: "full" }, ...old, ready: true }),
      pod("cheap", { ...onNode, ...cheap, ready: true }),
      pod("not-ready", { ...onNode, ready: false }),
      pod("pending", onNode),
      pod("unscheduled"),
    ];
    const neighbours = (node: string) => (node === "full" ? 2 : 1);
    expect(byDeletionRank(pods, neighbours, nowMs).map(nameOf)).toEqual([
      "unscheduled",
      "pending",
      "not-ready",
      "cheap",
      "crowded",
      "young",
      "old",
    ]);
  });
});

describe("replicaSetStatus", () => {
  const readyAt = (name: string, atMs: number) =>
    pod(name, {
      metadata: { labels: { app: "web" } },
      status: {
        phase: "Running",
        conditions: [{ type: "Ready", status: "True", lastTransitionTime: timestamp(atMs) }],
      },
    });
  const set = replicaSet(3, { spec: { replicas: 3, minReadySeconds: 30, selector: {}, template: template("web") } });
  const pods = [readyAt("long", nowMs - 60_000), readyAt("just", nowMs - 10_000), pod("pending"), pod("gone", gone)];

  it("counts, available after minReadySeconds", () => {
    expect(replicaSetStatus(set, pods, undefined, nowMs)).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 1,
      terminatingReplicas: 1,
      observedGeneration: 3,
    });
    expect(nextAvailableMs(set, pods, nowMs)).toBe(20_000);
  });

  it("says why pods could not be created until they could", () => {
    const failure = { reason: "FailedCreate" as const, message: "quota" };
    const failed = replicaSetStatus(set, [], failure, nowMs);
    expect(failed.conditions).toEqual([
      { type: "ReplicaFailure", status: "True", lastTransitionTime: timestamp(nowMs), ...failure },
    ]);
    expect(replicaSetStatus({ ...set, status: failed }, [], failure, nowMs + 5000)).toEqual(failed);
    expect(replicaSetStatus({ ...set, status: failed }, [], undefined, nowMs).conditions).toBeUndefined();
  });
});

describe("the ReplicaSet controller", () => {
  it("says why it cannot create pods, until it can", () => {
    let isFull = true;
    const cluster = new TestCluster({}, (store) => ({
      ...faulty(store, { ...seededRandom(1), int: () => 1 }),
      create: (resource, object) => {
        if (isFull && resource === "pods") throw new MemoryStoreError("Forbidden", "exceeded quota: pods");
        return store.create(resource, object);
      },
    }));
    const { uid: _uid, ...metadata } = replicaSet(2).metadata;
    const wanted = {
      ...replicaSet(2),
      metadata,
      spec: { ...replicaSet(2).spec, selector: { matchLabels: { app: "web" } } },
    };
    cluster.store.create("replicasets.apps", wanted as ReplicaSet);
    cluster.clock.advance(1000);
    const status = () => cluster.store.get<ReplicaSet>("replicasets.apps", "default", "web")?.status;
    expect(status()?.conditions?.[0]).toMatchObject({
      type: "ReplicaFailure",
      reason: "FailedCreate",
      message: "exceeded quota: pods",
    });
    const [event] = cluster.store
      .list<KubeObject & { readonly message: string }>("events")
      .filter(({ message }) => message.startsWith("Error"));
    expect(event?.message).toBe("Error creating: exceeded quota: pods");
    isFull = false;
    cluster.clock.advance(60_000);
    expect([cluster.pods().length, status()?.conditions]).toEqual([2, undefined]);
    cluster.stop();
  });

  it("adopts pods that nobody manages, and lets go those that no longer match", () => {
    const cluster = new TestCluster();
    const labelled = (name: string) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default", labels: { app: "web" } },
    });
    cluster.store.create("pods", labelled("stray"));
    const { uid: _uid, ...metadata } = replicaSet(2).metadata;
    const wanted = {
      ...replicaSet(2),
      metadata,
      spec: { ...replicaSet(2).spec, selector: { matchLabels: { app: "web" } } },
    };
    cluster.store.create("replicasets.apps", wanted as ReplicaSet);
    cluster.clock.advance(1000);
    const owners = () =>
      new Map(cluster.pods().map((each) => [nameOf(each), each.metadata.ownerReferences?.length ?? 0]));
    expect([owners().size, owners().get("stray")]).toEqual([2, 1]);
    const stray = cluster.store.get<Pod>("pods", "default", "stray") as Pod;
    cluster.store.update("pods", { ...stray, metadata: { ...stray.metadata, labels: { app: "other" } } });
    cluster.clock.advance(1000);
    expect([owners().size, owners().get("stray")]).toEqual([3, 0]);
    cluster.stop();
  });
});
