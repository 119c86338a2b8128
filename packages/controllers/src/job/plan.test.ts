import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTrue } from "../objects/conditions.ts";
import { isBeingDeleted, nameOf, timestamp } from "../objects/meta.ts";
import { isActive } from "../objects/pod.ts";
import type { Job, Pod } from "../objects/types.ts";
import { job } from "../testing/objects.ts";
import { type JobBackoff, nextBackoff, noBackoff, remainingMs } from "./backoff.ts";
import { formatIndexes, parseIndexes, pendingIndexes } from "./completion-indexes.ts";
import { indexOf, isFinished, isTracked, trackingFinalizer } from "./job-facts.ts";
import { jobPod } from "./job-pod.ts";
import { planJob } from "./plan.ts";
import { tally } from "./tally.ts";

/** A Job with its pods, with plans carried out as the shell does. */
class World {
  nowMs = Date.UTC(2026, 0, 1);
  job: Job;
  pods = new Map<string, Pod>();
  backoff: JobBackoff = noBackoff;
  created = 0;
  ends: Record<"Succeeded" | "Failed", number> = { Succeeded: 0, Failed: 0 };
  /** Cuts the pass short after its first status, as a crash would. */
  breaksOff = false;

  constructor(wanted: Job) {
    this.job = wanted;
  }

  step(): number | undefined {
    if (isFinished(this.job)) return undefined;
    const pods = [...this.pods.values()];
    const plan = planJob({ job: this.job, pods, backoff: this.backoff, most: 50 }, this.nowMs);
    const kept = pods.filter((pod) => !plan.deletes.includes(pod));
    const counting = tally(this.job, kept, plan, this.nowMs);
    for (const pod of plan.kills) this.delete(pod);
    for (const pod of plan.deletes) {
      this.release(pod);
      this.delete(pod);
    }
    for (const index of plan.creates) this.create(index);
    this.job = { ...this.job, status: counting.status };
    this.backoff = plan.backoff;
    if (this.breaksOff) return undefined;
    for (const pod of counting.release) this.release(pod);
    this.job = { ...this.job, status: counting.counted };
    return plan.againMs;
  }

  end(phase: "Succeeded" | "Failed"): void {
    const running = [...this.pods.values()].find(isActive);
    if (running === undefined) return;
    this.ends[phase] += 1;
    const terminated = { exitCode: 0, finishedAt: timestamp(this.nowMs) };
    const containerStatuses = [{ name: "main", state: { terminated } }];
    this.pods.set(nameOf(running), { ...running, status: { phase, containerStatuses } } as Pod);
  }

  /** What is being deleted goes, unless something holds it. */
  reap(): void {
    for (const [name, pod] of this.pods) if (isBeingDeleted(pod) && !isTracked(pod)) this.pods.delete(name);
  }

  active(): number {
    return [...this.pods.values()].filter(isActive).length;
  }

  private create(index: number | undefined): void {
    const name = `pod-${this.created++}`;
    const pod = jobPod(this.job, index);
    const metadata = { ...pod.metadata, name, uid: `${name}-uid`, creationTimestamp: timestamp(this.nowMs) };
    this.pods.set(name, { ...pod, metadata, status: { phase: "Pending" } });
  }

  private release({ metadata }: Pod): void {
    const now = this.pods.get(metadata?.name ?? "");
    if (now === undefined) return;
    const finalizers = (now.metadata?.finalizers ?? []).filter((finalizer) => finalizer !== trackingFinalizer);
    this.pods.set(nameOf(now), { ...now, metadata: { ...now.metadata, finalizers } });
  }

  private delete({ metadata }: Pod): void {
    const now = this.pods.get(metadata?.name ?? "");
    if (now === undefined) return;
    const deletionTimestamp = timestamp(this.nowMs);
    this.pods.set(nameOf(now), { ...now, metadata: { ...now.metadata, deletionTimestamp } });
  }
}

function conditions({ job: { status } }: World): string[] {
  return (status?.conditions ?? []).map(({ type, status: value, reason }) => `${type}=${value} ${reason}`);
}

describe("a Job", () => {
  it("runs as many pods as it may, and completes", () => {
    const world = new World(job("j", { parallelism: 2, completions: 3 }));
    world.step();
    expect([world.active(), world.job.status?.active, world.job.status?.startTime]).toEqual([
      2,
      2,
      "2026-01-01T00:00:00Z",
    ]);
    world.end("Succeeded");
    world.step();
    expect(world.job.status).toMatchObject({ active: 2, succeeded: 1 });
    world.end("Succeeded");
    world.step();
    expect(world.job.status).toMatchObject({ active: 1, succeeded: 2 });
    world.nowMs += 5000;
    world.end("Succeeded");
    world.step();
    expect(world.job.status).toMatchObject({ succeeded: 3, completionTime: "2026-01-01T00:00:05Z" });
    expect(world.job.status?.active).toBeUndefined();
    expect(conditions(world)).toEqual([
      "SuccessCriteriaMet=True CompletionsReached",
      "Complete=True CompletionsReached",
    ]);
    expect([...world.pods.values()].filter(isTracked)).toEqual([]);
  });

  it("replaces failed pods after a wait that doubles", () => {
    const world = new World(job("j"));
    const waits = [1, 2, 3].map(() => {
      world.step();
      world.end("Failed");
      const waitMs = world.step() ?? 0;
      expect(world.active()).toBe(0);
      world.nowMs += waitMs;
      return waitMs;
    });
    expect(waits).toEqual([10_000, 20_000, 40_000]);
    expect(world.job.status?.failed).toBe(3);
  });

  it("fails beyond its backoffLimit, deletes what runs, and waits for its end", () => {
    const world = new World(job("j", { parallelism: 3, completions: 9, backoffLimit: 1 }));
    world.step();
    world.end("Failed");
    world.end("Failed");
    world.step();
    expect(conditions(world)).toEqual(["FailureTarget=True BackoffLimitExceeded"]);
    expect(world.active()).toBe(0);
    world.reap();
    world.step();
    expect(conditions(world)).toEqual(["FailureTarget=True BackoffLimitExceeded", "Failed=True BackoffLimitExceeded"]);
    expect(world.job.status).toMatchObject({ failed: 3, ready: 0, terminating: 0 });
    expect(world.job.status?.completionTime).toBeUndefined();
  });

  it("fails at its deadline", () => {
    const world = new World(job("j", { activeDeadlineSeconds: 60 }));
    expect(world.step()).toBe(60_000);
    world.nowMs += 60_000;
    world.step();
    world.reap();
    world.step();
    expect(isTrue(world.job.status?.conditions, "Failed")).toBe(true);
    expect(conditions(world)[0]).toBe("FailureTarget=True DeadlineExceeded");
  });

  it("deletes its pods when suspended, not as failures, and starts anew when resumed", () => {
    const world = new World(job("j", { parallelism: 2, completions: 2 }));
    world.step();
    world.job = { ...world.job, spec: { ...world.job.spec, suspend: true } as NonNullable<Job["spec"]> };
    world.step();
    world.reap();
    world.step();
    expect([world.pods.size, world.job.status?.failed, conditions(world)]).toEqual([
      0,
      undefined,
      ["Suspended=True JobSuspended"],
    ]);
    world.nowMs += 60_000;
    world.job = { ...world.job, spec: { ...world.job.spec, suspend: false } as NonNullable<Job["spec"]> };
    world.step();
    expect([world.active(), world.job.status?.startTime]).toEqual([2, "2026-01-01T00:01:00Z"]);
    expect(conditions(world)).toEqual(["Suspended=False JobResumed"]);
  });

  it("without completions is done when one pod succeeded and none runs", () => {
    const { completions: _, ...spec } = job("j", { parallelism: 2 }).spec ?? {};
    const world = new World({ ...job("j"), spec: spec as NonNullable<Job["spec"]> });
    world.step();
    world.end("Succeeded");
    world.step();
    expect([world.active(), isFinished(world.job)]).toEqual([1, false]);
    world.end("Succeeded");
    world.step();
    expect(isTrue(world.job.status?.conditions, "Complete")).toBe(true);
  });

  it("gives each completion of an Indexed Job its index", () => {
    const world = new World(job("j", { parallelism: 2, completions: 4, completionMode: "Indexed" }));
    world.step();
    const [first] = [...world.pods.values()];
    expect(first?.metadata?.labels).toMatchObject({ "batch.kubernetes.io/job-completion-index": "0" });
    expect(first?.spec?.containers?.[0]?.env?.[0]?.name).toBe("JOB_COMPLETION_INDEX");
    for (let ended = 0; ended < 4; ended++) {
      world.end("Succeeded");
      world.step();
    }
    expect(world.job.status).toMatchObject({ completedIndexes: "0-3", succeeded: 4 });
    expect(isTrue(world.job.status?.conditions, "Complete")).toBe(true);
    expect([...world.pods.values()].map(indexOf)).toEqual([0, 1, 2, 3]);
  });

  const moves = fc.array(fc.constantFrom("step", "break", "succeed", "fail", "wait", "reap"), { maxLength: 60 });

  it("counts every end exactly once, whatever breaks off, and never runs more than it may", () => {
    const shape = fc.record({
      parallelism: fc.integer({ min: 1, max: 4 }),
      completions: fc.integer({ min: 1, max: 8 }),
      backoffLimit: fc.nat(6),
    });
    fc.assert(
      fc.property(shape, moves, (spec, list) => {
        const world = new World(job("j", spec));
        for (const move of list) {
          if (move === "succeed") world.end("Succeeded");
          if (move === "fail") world.end("Failed");
          if (move === "wait") world.nowMs += 700_000;
          if (move === "reap") world.reap();
          world.breaksOff = move === "break";
          if (move === "step" || move === "break") world.step();
          expect(world.active()).toBeLessThanOrEqual(spec.parallelism);
        }
        world.breaksOff = false;
        for (let round = 0; round < 3; round++) {
          world.step();
          world.reap();
        }
        const { succeeded = 0, failed = 0, uncountedTerminatedPods: left = {} } = world.job.status ?? {};
        expect([left.succeeded ?? [], left.failed ?? []]).toEqual([[], []]);
        expect(succeeded).toBe(world.ends.Succeeded);
        // Pods killed at the end count as failed, too.
        if (isTrue(world.job.status?.conditions, "Failed")) expect(failed).toBeGreaterThanOrEqual(world.ends.Failed);
        else expect(failed).toBe(world.ends.Failed);
        if (isFinished(world.job)) expect([...world.pods.values()].filter(isTracked)).toEqual([]);
        if (world.ends.Succeeded >= spec.completions && failed <= spec.backoffLimit) {
          expect(isTrue(world.job.status?.conditions, "Complete")).toBe(true);
        }
      }),
    );
  });
});

describe("nextBackoff", () => {
  const ended = (seconds: number) =>
    ({
      status: { containerStatuses: [{ state: { terminated: { finishedAt: timestamp(seconds * 1000) } } }] },
    }) as unknown as Pod;

  it("counts failures after the last success only", () => {
    const once = nextBackoff(noBackoff, [], [ended(1), ended(2)]);
    expect(once).toEqual({ failures: 2, lastFailureMs: 2000 });
    expect(nextBackoff(once, [ended(5)], [ended(4), ended(6)])).toEqual({ failures: 1, lastFailureMs: 6000 });
    expect(nextBackoff(once, [ended(5)], [])).toEqual(noBackoff);
    expect(remainingMs({ failures: 20, lastFailureMs: 0 }, 0)).toBe(600_000);
  });
});

describe("completion indexes", () => {
  it("are written as ranges and read back", () => {
    expect(formatIndexes([7, 5, 6, 0, 2, 3])).toBe("0,2,3,5-7");
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(30)), (indexes) => {
        expect([...parseIndexes(formatIndexes(indexes), 31)].sort((a, b) => a - b)).toEqual(
          [...indexes].sort((a, b) => a - b),
        );
      }),
    );
    expect(pendingIndexes(new Set([0, 2]), 2, 5)).toEqual([1, 3]);
  });
});
