import { seededRandom } from "@hollowfleet/core";
import { describe, expect, it } from "vitest";
import { findCondition, isTrue } from "./objects/conditions.ts";
import { isBeingDeleted, type KubeObject, nameOf } from "./objects/meta.ts";
import { isActive, isReady } from "./objects/pod.ts";
import type { Deployment, EndpointSlice, Job, Namespace, Pod, PodDisruptionBudget } from "./objects/types.ts";
import { TestCluster } from "./testing/cluster.ts";
import { faulty } from "./testing/faulty-store.ts";
import { deployment, job, pod, template } from "./testing/objects.ts";

const minute = 60_000;

interface Event extends KubeObject {
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}

/** Without what the server fills in. */
function fresh<T extends KubeObject>(object: T): T {
  const { uid: _uid, generation: _generation, ...metadata } = (object.metadata ?? {}) as Record<string, unknown>;
  return { ...object, metadata };
}

function events(cluster: TestCluster, reason: string): readonly Event[] {
  return cluster.store.list<Event>("events").filter((event) => event.reason === reason);
}

function change(cluster: TestCluster, name: string, spec: Partial<NonNullable<Deployment["spec"]>>): void {
  const before = cluster.deployment(name);
  cluster.store.update("deployments.apps", { ...before, spec: { ...before.spec, ...spec } } as Deployment);
}

function ready(cluster: TestCluster): readonly Pod[] {
  return cluster.pods().filter((each) => isActive(each) && isReady(each));
}

describe("controllers", () => {
  it("scale a Deployment of 50 pods up over 10 nodes, roll it, scale it down, and delete it", () => {
    const cluster = new TestCluster({ podsPerBurst: 20 });
    cluster.addNodes(10);
    cluster.clock.advance(6000);
    cluster.store.create("deployments.apps", fresh(deployment("web", 50)));
    cluster.clock.advance(10_000);
    expect(ready(cluster)).toHaveLength(50);
    const perNode = new Map<string, number>();
    for (const { spec } of cluster.pods())
      perNode.set(spec?.nodeName ?? "", (perNode.get(spec?.nodeName ?? "") ?? 0) + 1);
    expect([perNode.size, Math.max(...perNode.values())]).toEqual([10, 5]);
    expect(cluster.deployment("web").status).toMatchObject({
      replicas: 50,
      updatedReplicas: 50,
      availableReplicas: 50,
    });
    expect(cluster.controllers.stats().podsBound).toBe(50);

    change(cluster, "web", { template: template("web", "app:2") });
    for (let second = 0; second < 30; second++) {
      cluster.clock.advance(1000);
      expect(ready(cluster).length).toBeGreaterThanOrEqual(38);
      expect(cluster.pods().filter(isActive).length).toBeLessThanOrEqual(63);
    }
    expect(new Set(ready(cluster).map(({ spec }) => spec?.containers[0]?.image))).toEqual(new Set(["app:2"]));
    expect(findCondition(cluster.deployment("web").status?.conditions, "Progressing")?.reason).toBe(
      "NewReplicaSetAvailable",
    );
    expect(cluster.deployment("web").metadata.annotations).toMatchObject({ "deployment.kubernetes.io/revision": "2" });

    change(cluster, "web", { replicas: 5 });
    cluster.clock.advance(10_000);
    expect(cluster.pods()).toHaveLength(5);

    cluster.store.delete("deployments.apps", "default", "web", { propagation: "Foreground" });
    cluster.clock.advance(10_000);
    expect([cluster.pods(), cluster.store.list("replicasets.apps"), cluster.store.list("deployments.apps")]).toEqual([
      [],
      [],
      [],
    ]);
    for (const reason of ["ScalingReplicaSet", "SuccessfulCreate", "Scheduled"]) {
      expect(events(cluster, reason).length, reason).toBeGreaterThan(0);
    }
    expect(cluster.errors).toEqual([]);
    cluster.stop();
  });

  it("prepare nodes: taint off, a pod range each, events of registration", () => {
    const cluster = new TestCluster();
    cluster.addNodes(3);
    cluster.clock.advance(6000);
    expect(cluster.node("node-0").spec?.taints ?? []).toEqual([]);
    const cidrs = [0, 1, 2].map((index) => cluster.node(`node-${index}`).spec?.podCIDRs?.[0]);
    expect(cidrs).toEqual(["10.64.0.0/24", "10.64.1.0/24", "10.64.2.0/24"]);
    expect(events(cluster, "RegisteredNode")).toHaveLength(3);
    cluster.stop();
  });

  it("tell why a pod finds no node, and bind it when there is room", () => {
    const cluster = new TestCluster();
    cluster.addNodes(1);
    cluster.clock.advance(6000);
    const containers = [{ name: "a", resources: { requests: { cpu: "3" } } }];
    for (const name of ["a", "b"]) cluster.store.create("pods", fresh(pod(name, { spec: { containers } })));
    cluster.clock.advance(1000);
    const waiting = cluster.pods().find(({ spec }) => !spec?.nodeName);
    const message = "0/1 nodes are available: 1 Insufficient cpu.";
    expect(findCondition(waiting?.status?.conditions, "PodScheduled")).toMatchObject({
      status: "False",
      reason: "Unschedulable",
      message,
    });
    expect(events(cluster, "FailedScheduling").map((event) => event.message)).toEqual([message]);
    const bound = cluster.pods().find(({ spec }) => spec?.nodeName) as Pod;
    cluster.store.delete("pods", "default", nameOf(bound));
    cluster.clock.advance(3000);
    expect(cluster.pods().map(({ spec }) => spec?.nodeName)).toEqual(["node-0"]);
    cluster.stop();
  });

  it("leave pods with gates or another scheduler alone", () => {
    const cluster = new TestCluster();
    cluster.addNodes(1);
    cluster.store.create("pods", fresh(pod("gated", { spec: { schedulingGates: [{ name: "wait" }] } })));
    cluster.store.create("pods", fresh(pod("other", { spec: { schedulerName: "mine" } })));
    cluster.clock.advance(10_000);
    expect(cluster.pods().map(({ spec }) => spec?.nodeName)).toEqual([undefined, undefined]);
    const gated = cluster.pods().find((each) => nameOf(each) === "gated") as Pod;
    cluster.store.update("pods", { ...gated, spec: { ...gated.spec, schedulingGates: [] } } as Pod);
    cluster.clock.advance(1000);
    expect(cluster.pods().filter(({ spec }) => spec?.nodeName)).toHaveLength(1);
    cluster.stop();
  });

  it("run a Job to its end, and delete it when its time is over", () => {
    const cluster = new TestCluster();
    cluster.addNodes(2);
    const spec = { parallelism: 3, completions: 6, ttlSecondsAfterFinished: 60 };
    cluster.store.create("jobs.batch", fresh(job("work", spec)));
    cluster.clock.advance(10_000);
    cluster.end(ready(cluster)[0] as Pod, "Failed");
    for (let round = 0; round < 8; round++) {
      for (const each of ready(cluster)) cluster.end(each, "Succeeded");
      cluster.clock.advance(5000);
    }
    const done = cluster.store.get<Job>("jobs.batch", "default", "work");
    expect(done?.status).toMatchObject({ succeeded: 6, failed: 1 });
    expect(isTrue(done?.status?.conditions, "Complete")).toBe(true);
    expect(cluster.pods().filter(({ metadata }) => (metadata.finalizers ?? []).length > 0)).toEqual([]);
    cluster.clock.advance(2 * minute);
    expect([cluster.store.list("jobs.batch"), cluster.pods()]).toEqual([[], []]);
    expect(cluster.errors).toEqual([]);
    cluster.stop();
  });

  it("let go the pods of a Job that is deleted while they run", () => {
    const cluster = new TestCluster();
    cluster.addNodes(1);
    cluster.store.create("jobs.batch", fresh(job("work", { parallelism: 3, completions: 3 })));
    cluster.clock.advance(10_000);
    cluster.store.delete("jobs.batch", "default", "work", { propagation: "Background" });
    cluster.clock.advance(10_000);
    expect(cluster.pods()).toEqual([]);
    cluster.stop();
  });

  it("empty a lost node: Unknown, tainted, pods not ready, evicted after their toleration, replaced, gone with the node", () => {
    const cluster = new TestCluster();
    cluster.addNodes(4);
    cluster.clock.advance(6000);
    cluster.store.create("deployments.apps", fresh(deployment("web", 8)));
    cluster.clock.advance(10_000);
    cluster.kill("node-0");
    cluster.clock.advance(70_000);

    const lost = cluster.node("node-0");
    expect(findCondition(lost.status?.conditions, "Ready")).toMatchObject({
      status: "Unknown",
      reason: "NodeStatusUnknown",
    });
    expect(lost.spec?.taints?.map(({ key, effect }) => `${key}:${effect}`).sort()).toEqual([
      "node.kubernetes.io/unreachable:NoExecute",
      "node.kubernetes.io/unreachable:NoSchedule",
    ]);
    const there = () => cluster.pods().filter(({ spec }) => spec?.nodeName === "node-0");
    expect(there().map((each) => [isReady(each), isBeingDeleted(each)])).toEqual([
      [false, false],
      [false, false],
    ]);
    expect(cluster.deployment("web").status?.availableReplicas).toBe(6);

    cluster.clock.advance(5 * minute);
    expect(there().map(isBeingDeleted)).toEqual([true, true]);
    expect(there().every(({ status }) => isTrue(status?.conditions, "DisruptionTarget"))).toBe(true);
    expect(cluster.deployment("web").status?.availableReplicas).toBe(8);
    expect(events(cluster, "TaintManagerEviction")).toHaveLength(2);
    expect(events(cluster, "NodeNotReady").length).toBeGreaterThan(0);

    cluster.store.delete("nodes", "", "node-0");
    cluster.clock.advance(80_000);
    expect(there()).toEqual([]);
    expect(cluster.errors).toEqual([]);
    cluster.stop();
  });

  it("forgive a node that comes back before its pods' toleration is over", () => {
    const cluster = new TestCluster();
    cluster.addNodes(3);
    cluster.store.create("deployments.apps", fresh(deployment("web", 3)));
    cluster.clock.advance(20_000);
    cluster.kill("node-1");
    cluster.clock.advance(2 * minute);
    expect(cluster.node("node-1").spec?.taints).toHaveLength(2);
    cluster.revive("node-1");
    cluster.clock.advance(10 * minute);
    expect(cluster.node("node-1").spec?.taints ?? []).toEqual([]);
    expect(cluster.pods().some(isBeingDeleted)).toBe(false);
    cluster.stop();
  });

  it("evict nobody while no node at all is heard of", () => {
    const cluster = new TestCluster();
    cluster.addNodes(3);
    cluster.store.create("deployments.apps", fresh(deployment("web", 6)));
    cluster.clock.advance(20_000);
    for (const index of [0, 1, 2]) cluster.kill(`node-${index}`);
    cluster.clock.advance(20 * minute);
    expect(findCondition(cluster.node("node-0").status?.conditions, "Ready")?.status).toBe("Unknown");
    expect(cluster.pods().some(isBeingDeleted)).toBe(false);
    cluster.stop();
  });

  it("leave nothing of a namespace that is deleted", () => {
    const cluster = new TestCluster();
    cluster.addNodes(2);
    cluster.store.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } });
    cluster.clock.advance(1000);
    const inTeam = <T extends KubeObject>(object: T): T => ({
      ...fresh(object),
      metadata: { ...fresh(object).metadata, namespace: "team" },
    });
    cluster.store.create("deployments.apps", inTeam(deployment("web", 4)));
    cluster.store.create("jobs.batch", inTeam(job("work", { parallelism: 2, completions: 2 })));
    cluster.clock.advance(10_000);
    expect(cluster.pods("team")).toHaveLength(6);
    expect(cluster.store.get("serviceaccounts", "team", "default")).toBeDefined();
    expect(cluster.store.get<KubeObject & { data: object }>("configmaps", "team", "kube-root-ca.crt")?.data).toEqual({
      "ca.crt": "PEM",
    });

    cluster.store.delete("namespaces", "", "team");
    cluster.clock.advance(500);
    const ending = cluster.store.get<Namespace>("namespaces", "", "team");
    expect(findCondition(ending?.status?.conditions, "NamespaceContentRemaining")).toMatchObject({
      status: "True",
      message: "Some resources are remaining: pods. has 6 resource instances",
    });
    cluster.clock.advance(20_000);
    expect(cluster.store.get("namespaces", "", "team")).toBeUndefined();
    for (const { name, namespaced } of cluster.store.resources()) {
      if (namespaced) expect(cluster.store.listAny(name, "team"), name).toEqual([]);
    }
    expect(cluster.errors).toEqual([]);
    cluster.stop();
  });

  it("put back what every namespace has to have", () => {
    const cluster = new TestCluster();
    cluster.clock.advance(1000);
    cluster.store.delete("serviceaccounts", "default", "default");
    const map = cluster.store.get<KubeObject>("configmaps", "default", "kube-root-ca.crt") as KubeObject;
    cluster.store.update("configmaps", { ...map, data: {} } as KubeObject);
    cluster.clock.advance(1000);
    expect(cluster.store.get("serviceaccounts", "default", "default")).toBeDefined();
    expect(cluster.store.get<KubeObject & { data: object }>("configmaps", "default", "kube-root-ca.crt")?.data).toEqual(
      {
        "ca.crt": "PEM",
      },
    );
    cluster.stop();
  });

  it("keep budgets and endpoint slices by the pods' readiness", () => {
    const cluster = new TestCluster();
    cluster.addNodes(2);
    const metadata = { name: "web", namespace: "default" };
    const selector = { matchLabels: { app: "web" } };
    cluster.store.create("poddisruptionbudgets.policy", {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      spec: { maxUnavailable: 1, selector },
    });
    const ports = [{ port: 80, targetPort: 8080, protocol: "TCP" }];
    cluster.store.create("services", {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { clusterIP: "10.0.0.1", selector: { app: "web" }, ports },
    });
    cluster.store.create("deployments.apps", fresh(deployment("web", 3)));
    cluster.clock.advance(10_000);
    const budget = cluster.store.get<PodDisruptionBudget>("poddisruptionbudgets.policy", "default", "web");
    expect(budget?.status).toMatchObject({
      disruptionsAllowed: 1,
      currentHealthy: 3,
      desiredHealthy: 2,
      expectedPods: 3,
    });
    const [slice] = cluster.store.list<EndpointSlice>("endpointslices.discovery.k8s.io", "default");
    expect(slice?.endpoints?.map(({ conditions }) => conditions?.ready)).toEqual([true, true, true]);
    expect(slice?.ports).toEqual([{ name: "", port: 8080, protocol: "TCP" }]);
    cluster.store.delete("services", "default", "web");
    cluster.clock.advance(1000);
    expect(cluster.store.list("endpointslices.discovery.k8s.io")).toEqual([]);
    cluster.stop();
  });

  it("get there in spite of conflicts and refusals now and then", () => {
    const cluster = new TestCluster({}, (store) => faulty(store, seededRandom("faults")));
    cluster.addNodes(5);
    cluster.store.create("deployments.apps", fresh(deployment("web", 30)));
    cluster.store.create("jobs.batch", fresh(job("work", { parallelism: 5, completions: 5 })));
    cluster.clock.advance(3 * minute);
    expect(ready(cluster)).toHaveLength(35);
    change(cluster, "web", { template: template("web", "app:2"), replicas: 20 });
    for (const each of cluster.pods().filter(({ metadata }) => metadata.finalizers)) cluster.end(each, "Succeeded");
    cluster.clock.advance(5 * minute);
    expect(ready(cluster).map(({ spec }) => spec?.containers[0]?.image)).toEqual(new Array(20).fill("app:2"));
    expect(cluster.store.get<Job>("jobs.batch", "default", "work")?.status).toMatchObject({ succeeded: 5 });
    const { loops } = cluster.controllers.stats();
    expect(loops.reduce((total, { conflicts }) => total + conflicts, 0)).toBeGreaterThan(5);
    expect(cluster.errors).toEqual([]);
    cluster.stop();
  });

  it("report their names and counts, and do nothing once stopped", () => {
    const cluster = new TestCluster();
    cluster.addNodes(1);
    cluster.clock.advance(1000);
    const { controllers } = cluster;
    expect(controllers.names).toContain("scheduler (Hollowfleet's own)");
    expect(controllers.names).toHaveLength(14);
    const { loops } = controllers.stats();
    expect(loops.map(({ name }) => name)).toEqual(controllers.names);
    expect(loops.find(({ name }) => name.startsWith("service account"))?.syncs).toBeGreaterThan(0);
    cluster.stop();
    cluster.store.create("pods", fresh(pod("late")));
    cluster.clock.advance(minute);
    expect(cluster.pods().map(({ spec }) => spec?.nodeName)).toEqual([undefined]);
  });
});
