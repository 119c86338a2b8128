import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PodPlan } from "./pod-plan.ts";
import { desiredStatus } from "./pod-status.ts";
import { statusPatch } from "./status-patch.ts";
import { type ContainerSketch, testPlan } from "./testing/plans.ts";
import { PurePod } from "./testing/pure-pod.ts";

const span = fc.constantFrom("1s", "3s", "20s", "2m");
const annotations = fc.record(
  {
    "hollowfleet.dev/run-time": span,
    "hollowfleet.dev/exit-code": fc.constantFrom("0", "1", "137"),
    "hollowfleet.dev/crash-loop": fc.constantFrom("true", "false"),
    "hollowfleet.dev/oom": span,
    "hollowfleet.dev/image-pull-failure": fc.constantFrom("true", "30s"),
    "hollowfleet.dev/readiness-delay": span,
    "hollowfleet.dev/stop-delay": span,
    "hollowfleet.dev/sandbox-failure": fc.constantFrom("true", "15s"),
    "hollowfleet.dev/exit-code.init0": fc.constantFrom("0", "2"),
  },
  { requiredKeys: [] },
);

const probe = fc.option(
  fc.record({
    initialDelayMs: fc.constantFrom(0, 3000),
    periodMs: fc.constantFrom(2000, 10_000),
    successThreshold: fc.constantFrom(1, 2),
  }),
  { nil: undefined },
);
const sketches = fc
  .record({
    init: fc.array(fc.constantFrom("init" as const, "sidecar" as const), { maxLength: 2 }),
    apps: fc.array(fc.record({ readiness: probe, startup: probe }), { minLength: 1, maxLength: 2 }),
  })
  .map(({ init, apps }): ContainerSketch[] => [
    ...init.map((role, index) => ({ name: `init${index}`, role })),
    ...apps.map((app, index) => ({ name: `c${index}`, ...app })),
  ]);

const plans: fc.Arbitrary<PodPlan> = fc
  .record({
    annotations,
    sketches,
    restartPolicy: fc.constantFrom("Always" as const, "OnFailure" as const, "Never" as const),
    activeDeadlineMs: fc.option(fc.constantFrom(5000, 60_000), { nil: undefined }),
  })
  .map(testPlan);

/** A pod left alone for a while, then deleted, then left alone again; perhaps with a second, shorter deletion. */
const lives = fc.record({ plan: plans, beforeMs: fc.integer({ min: 0, max: 400_000 }), shortens: fc.boolean() });

function live({ plan, beforeMs, shortens }: { plan: PodPlan; beforeMs: number; shortens: boolean }): PurePod {
  const pod = new PurePod(plan);
  pod.happen({ t: "seen" });
  pod.run(beforeMs);
  pod.happen({ t: "delete", graceMs: 30_000, generation: 2 });
  if (shortens) {
    pod.run(500);
    pod.happen({ t: "delete", graceMs: 1000, generation: 2 });
  }
  pod.run(200_000);
  return pod;
}

const terminal = (phase: string | undefined): boolean => phase === "Succeeded" || phase === "Failed";

describe("whatever a pod asks for", () => {
  it("a terminal phase never changes, and restart counts never fall", () => {
    fc.assert(
      fc.property(lives, (life) => {
        const pod = live(life);
        let phase: string | undefined;
        const counts = new Map<string, number>();
        for (const status of pod.statuses) {
          if (terminal(phase)) expect(status.phase).toBe(phase);
          phase = status.phase;
          for (const { name, restartCount } of [
            ...(status.initContainerStatuses ?? []),
            ...(status.containerStatuses ?? []),
          ]) {
            expect(restartCount).toBeGreaterThanOrEqual(counts.get(name) ?? 0);
            counts.set(name, restartCount);
          }
        }
      }),
    );
  });

  it("a deletion ends in one DELETE, after a terminal phase was stored", () => {
    fc.assert(
      fc.property(lives, (life) => {
        const pod = live(life);
        expect(pod.deletes).toBe(1);
        expect(terminal(pod.api.phase)).toBe(true);
        expect(pod.state.stage.t).toBe("gone");
      }),
    );
  });

  it("is ready only while every app container runs, and has an IP then", () => {
    fc.assert(
      fc.property(lives, (life) => {
        for (const status of live(life).statuses) {
          if (status.conditions?.find(({ type }) => type === "Ready")?.status !== "True") continue;
          expect(status.phase).toBe("Running");
          expect(status.podIP).toBeDefined();
          for (const { state, ready, started } of status.containerStatuses ?? []) {
            expect(state.running).toBeDefined();
            expect([ready, started]).toEqual([true, true]);
          }
        }
      }),
    );
  });

  it("no container that ended for good runs again, and no patch is empty", () => {
    fc.assert(
      fc.property(lives, (life) => {
        const pod = live(life);
        for (const patch of pod.patches) {
          expect(Object.keys((JSON.parse(patch) as { status: object }).status)).not.toEqual([]);
        }
        if (life.plan.restartPolicy !== "Never") return;
        // The API server refuses exactly this (ValidatePodStatusUpdate).
        const ended = new Set<string>();
        for (const { containerStatuses = [] } of pod.statuses) {
          for (const { name, state } of containerStatuses) {
            if (ended.has(name)) expect(state.terminated).toBeDefined();
            if (state.terminated !== undefined) ended.add(name);
          }
        }
      }),
    );
  });

  it("merged pushes end where single ones do", () => {
    fc.assert(
      fc.property(lives, (life) => {
        const pod = live(life);
        const first = { conditions: [], phase: "Pending" };
        const whole = desiredStatus(pod.plan, pod.state, "192.0.2.2", first);
        const { conditions, ...rest } = whole;
        const { conditions: stepwise, ...restStepwise } = pod.api;
        const facts = (list: typeof conditions) =>
          list?.map(({ type, status, reason, message, observedGeneration }) => [
            type,
            status,
            reason,
            message,
            observedGeneration,
          ]);
        expect(restStepwise).toEqual(rest);
        expect(facts(stepwise)).toEqual(facts(conditions));
        expect(statusPatch(pod.plan.uid, pod.api, desiredStatus(pod.plan, pod.state, "192.0.2.2", pod.api))).toBe(
          undefined,
        );
      }),
    );
  });
});
