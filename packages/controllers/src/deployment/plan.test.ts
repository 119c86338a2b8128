import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findCondition } from "../objects/conditions.ts";
import { nameOf, uidOf, withMetadata, withSpec } from "../objects/meta.ts";
import type { Deployment, DeploymentSpec, ReplicaSet } from "../objects/types.ts";
import { deployment, template } from "../testing/objects.ts";
import { type DeploymentPlan, planDeployment } from "./plan.ts";
import { fenceposts, replicasOf, revisionAnnotation } from "./replica-sets.ts";

/** A Deployment and its ReplicaSets, with plans carried out as the shell does, and pods as mere numbers. */
class World {
  nowMs = Date.UTC(2026, 0, 1);
  deployment: Deployment;
  sets = new Map<string, ReplicaSet>();
  messages: string[] = [];
  taken = new Set<string>();

  constructor(wanted: Deployment) {
    this.deployment = wanted;
  }

  change(spec: Partial<DeploymentSpec>): void {
    const { metadata } = this.deployment;
    const generation = (metadata?.generation ?? 1) + 1;
    this.deployment = withSpec(withMetadata(this.deployment, { generation }), spec);
  }

  step(): DeploymentPlan {
    const hasPods = (sets: readonly ReplicaSet[]) => sets.some(({ status }) => (status?.replicas ?? 0) > 0);
    const isTaken = (name: string) => this.taken.has(name);
    const state = { deployment: this.deployment, replicaSets: [...this.sets.values()], isTaken, hasPods };
    const plan = planDeployment(state, this.nowMs);
    if (plan.create !== undefined) this.put(withMetadata(plan.create, { uid: `${nameOf(plan.create)}-uid` }));
    for (const { replicaSet, message } of plan.updates) {
      this.put(replicaSet);
      if (message !== undefined) this.messages.push(message);
    }
    for (const replicaSet of plan.deletes) this.sets.delete(nameOf(replicaSet));
    if (plan.deployment !== undefined) this.deployment = plan.deployment;
    return plan;
  }

  /** Pods follow: all of them, or up to `most` more of each set become available. */
  follow(most = Number.POSITIVE_INFINITY): void {
    for (const [name, replicaSet] of this.sets) {
      const replicas = replicasOf(replicaSet);
      const available = Math.min(replicas, (replicaSet.status?.availableReplicas ?? 0) + most);
      const status = { replicas, readyReplicas: available, availableReplicas: available, observedGeneration: 99 };
      this.sets.set(name, { ...replicaSet, status });
    }
  }

  settle(): void {
    for (let round = 0; round < 50; round++) {
      const { nothing } = isNothing(this.step());
      this.follow();
      if (nothing && round > 5) return;
    }
    throw new Error("does not settle");
  }

  current(): ReplicaSet {
    const image = this.deployment.spec?.template?.spec?.containers?.[0]?.image;
    const found = [...this.sets.values()].find(({ spec }) => spec?.template?.spec?.containers?.[0]?.image === image);
    if (found === undefined) throw new Error("no ReplicaSet");
    return found;
  }

  private put(replicaSet: ReplicaSet): void {
    this.sets.set(nameOf(replicaSet), replicaSet);
  }
}

function isNothing(plan: DeploymentPlan): { nothing: boolean } {
  const isIdle = plan.create === undefined && plan.updates.length === 0 && plan.deletes.length === 0;
  return { nothing: isIdle && plan.deployment === undefined };
}

function progressing(world: World): string | undefined {
  return findCondition(world.deployment.status?.conditions, "Progressing")?.reason;
}

describe("planDeployment", () => {
  it("creates a ReplicaSet named and labelled by its template's hash, with revision 1", () => {
    const world = new World(deployment("web", 3));
    const { create } = world.step();
    const hash = create?.metadata?.labels?.["pod-template-hash"];
    expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{8,10}$/);
    expect(nameOf(create ?? {})).toBe(`web-${hash}`);
    expect(create?.spec?.selector?.matchLabels).toEqual({ app: "web", "pod-template-hash": hash });
    expect(create?.spec?.template?.metadata?.labels).toEqual({ app: "web", "pod-template-hash": hash });
    expect(create?.metadata?.annotations).toEqual({
      [revisionAnnotation]: "1",
      "deployment.kubernetes.io/desired-replicas": "3",
      "deployment.kubernetes.io/max-replicas": "4",
    });
    expect(create?.metadata?.ownerReferences?.[0]).toMatchObject({ uid: uidOf(world.deployment), controller: true });
    expect(world.deployment.metadata?.annotations?.[revisionAnnotation]).toBe("1");
    expect(progressing(world)).toBe("NewReplicaSetCreated");
  });

  it("ends Available and Progressing with reason NewReplicaSetAvailable, as rollout status needs, and then rests", () => {
    const world = new World(deployment("web", 3));
    world.settle();
    const { conditions, ...counts } = world.deployment.status ?? {};
    expect(counts).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
    });
    expect(counts.unavailableReplicas).toBeUndefined();
    expect(conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`)).toEqual([
      "Available=True MinimumReplicasAvailable",
      "Progressing=True NewReplicaSetAvailable",
    ]);
    expect(isNothing(world.step()).nothing).toBe(true);
  });

  it("rolls by steps of surge and unavailability, and raises the revision", () => {
    const world = new World(deployment("web", 10));
    world.settle();
    world.change({ template: template("web", "app:2") });
    world.settle();
    const newName = nameOf(world.current());
    const [oldName] = [...world.sets.keys()].filter((name) => name !== newName);
    expect(world.messages).toEqual([
      `Scaled down replica set ${oldName} from 10 to 5`,
      `Scaled up replica set ${newName} from 3 to 8`,
      `Scaled down replica set ${oldName} from 5 to 0`,
      `Scaled up replica set ${newName} from 8 to 10`,
    ]);
    expect(world.deployment.metadata?.annotations?.[revisionAnnotation]).toBe("2");
    expect(replicasOf(world.current())).toBe(10);
  });

  it("takes an old ReplicaSet up again when its template comes back, as a rollback does", () => {
    const world = new World(deployment("web", 2));
    world.settle();
    const first = nameOf(world.current());
    world.change({ template: template("web", "app:2") });
    world.settle();
    // kubectl writes empty members where the server left them out.
    const back = template("web", "app:1");
    world.change({ template: { ...back, metadata: { ...back.metadata, annotations: {} } } });
    world.settle();
    expect(nameOf(world.current())).toBe(first);
    expect(world.sets.size).toBe(2);
    expect(world.current().metadata?.annotations).toMatchObject({
      [revisionAnnotation]: "3",
      "deployment.kubernetes.io/revision-history": "1",
    });
  });

  it("keeps revisionHistoryLimit old ReplicaSets", () => {
    const world = new World(deployment("web", 1, { revisionHistoryLimit: 2 }));
    for (const image of ["app:1", "app:2", "app:3", "app:4", "app:5"]) {
      world.change({ template: template("web", image) });
      world.settle();
    }
    const images = [...world.sets.values()].map(({ spec }) => spec?.template?.spec?.containers?.[0]?.image);
    expect(images.sort()).toEqual(["app:3", "app:4", "app:5"]);
  });

  it("scales without a rollout, and in proportion during one", () => {
    const world = new World(deployment("web", 10));
    world.settle();
    world.change({ replicas: 4 });
    world.settle();
    expect([...world.sets.values()].map(replicasOf)).toEqual([4]);
    world.change({ template: template("web", "app:2"), replicas: 4 });
    world.step();
    world.step();
    expect([...world.sets.values()].map(replicasOf)).toEqual([3, 1]);
    world.change({ replicas: 12 });
    world.step();
    // 12 + 25 % surge = 15: thrice what each had, and what rounding leaves over goes to the larger.
    expect([...world.sets.values()].map(replicasOf)).toEqual([12, 3]);
  });

  it("does nothing but scale while paused, and tells of pause and resumption", () => {
    const world = new World(deployment("web", 2));
    world.settle();
    world.change({ paused: true, template: template("web", "app:2") });
    world.settle();
    expect([world.sets.size, progressing(world)]).toEqual([1, "DeploymentPaused"]);
    world.change({ replicas: 3 });
    world.settle();
    expect([...world.sets.values()].map(replicasOf)).toEqual([3]);
    world.change({ paused: false });
    world.step();
    world.settle();
    expect([world.sets.size, progressing(world)]).toEqual([2, "NewReplicaSetAvailable"]);
  });

  it("recreates: no new pod before the last old one is gone", () => {
    const world = new World(deployment("web", 3, { strategy: { type: "Recreate" } }));
    world.settle();
    world.change({ template: template("web", "app:2") });
    world.step();
    expect([...world.sets.values()].map(replicasOf)).toEqual([0]);
    world.step();
    expect(world.sets.size).toBe(1);
    world.follow();
    world.settle();
    expect([...world.sets.values()].map(replicasOf)).toEqual([0, 3]);
  });

  it("says when a rollout is stuck, at the deadline", () => {
    const world = new World(deployment("web", 2, { progressDeadlineSeconds: 60 }));
    world.step();
    const { againMs } = world.step();
    expect(againMs).toBe(61_000);
    world.nowMs += 61_000;
    world.step();
    expect(progressing(world)).toBe("ProgressDeadlineExceeded");
    world.settle();
    expect(progressing(world)).toBe("NewReplicaSetAvailable");
  });

  it("hashes anew when another template took the name", () => {
    const world = new World(deployment("web", 1));
    world.taken.add(nameOf(new World(deployment("web", 1)).step().create ?? {}));
    world.step();
    expect(world.deployment.status?.collisionCount).toBe(1);
    expect(world.step().create).toBeDefined();
  });

  it("never leaves its fenceposts while rolling, and always arrives", () => {
    const share = fc.oneof(
      fc.nat(4),
      fc.nat(100).map((percent) => `${percent}%`),
    );
    const input = fc.record({ replicas: fc.integer({ min: 1, max: 30 }), maxSurge: share, maxUnavailable: share });
    fc.assert(
      fc.property(input, fc.array(fc.nat(3), { maxLength: 200 }), (shape, paces) => {
        const { replicas, ...rollingUpdate } = shape;
        const world = new World(deployment("web", replicas, { strategy: { type: "RollingUpdate", rollingUpdate } }));
        world.settle();
        const { surge, unavailable } = fenceposts(world.deployment);
        world.change({ template: template("web", "app:2") });
        for (const pace of paces) {
          world.step();
          const sizes = [...world.sets.values()].map(replicasOf);
          expect(sizes.reduce((a, b) => a + b)).toBeLessThanOrEqual(replicas + surge);
          world.follow(pace);
          const available = [...world.sets.values()].map(({ status }) => status?.availableReplicas ?? 0);
          expect(available.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(replicas - unavailable);
        }
        for (let round = 0; round < 200; round++) {
          world.step();
          world.follow();
        }
        expect(replicasOf(world.current())).toBe(replicas);
        expect(progressing(world)).toBe("NewReplicaSetAvailable");
      }),
      { numRuns: 60 },
    );
  });
});
