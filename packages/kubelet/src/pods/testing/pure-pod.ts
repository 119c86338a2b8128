import { type Random, seededRandom } from "@hollowfleet/core";
import { adoptedState } from "../adopt.ts";
import type { Pace } from "../pod-draft.ts";
import { firstState, nextWakeMs, sandboxFails, stepPod } from "../pod-lifecycle.ts";
import type { PodPlan } from "../pod-plan.ts";
import type { PodEffect, PodEvent, PodState } from "../pod-state.ts";
import { desiredStatus } from "../pod-status.ts";
import { isoSeconds, type StatusJson } from "../status-json.ts";
import { statusPatch } from "../status-patch.ts";
import { applyStatusPatch, scheduledStatus } from "./merge.ts";

const startMs: number = Date.UTC(2026, 10, 22, 13, 34, 3, 100);
const testPace: Pace = { stop: { kind: "constant", ms: 100 }, teardownMs: 400, finishMs: 1200, settleMs: 900 };

interface Planned {
  readonly atMs: number;
  readonly event: PodEvent;
}

/** One pod on a node whose API answers at once: plays the state machine, the status and the patch against each other. */
export class PurePod {
  readonly plan: PodPlan;
  readonly random: Random;
  readonly patches: string[] = [];
  readonly events: string[] = [];
  readonly statuses: StatusJson[] = [];
  readonly states: PodState[] = [];
  gets = 0;
  tokens = 0;
  deletes = 0;
  nowMs: number = startMs;
  api: StatusJson = scheduledStatus(isoSeconds(startMs));
  state: PodState;
  #planned: Planned[] = [];
  #deletionSeen = false;

  constructor(plan: PodPlan, adopt?: StatusJson) {
    this.plan = plan;
    this.random = seededRandom("pure");
    if (adopt !== undefined) this.api = adopt;
    this.state = adopt === undefined ? firstState(plan, 1, startMs) : adoptedState(plan, 1, adopt, startMs);
  }

  happen(event: PodEvent): void {
    if (event.t === "delete") this.#deletionSeen = true;
    const step = stepPod({ plan: this.plan, pace: testPace, random: this.random }, this.state, event, this.nowMs);
    this.state = step.state;
    this.states.push(step.state);
    for (const effect of step.effects) this.#carryOut(effect);
  }

  /** Lets time pass. */
  run(forMs: number): void {
    const endMs = this.nowMs + forMs;
    for (let steps = 0; steps < 10_000; steps++) {
      const wakeMs = nextWakeMs(this.plan, this.state) ?? Number.POSITIVE_INFINITY;
      const planned = this.#planned.reduce<Planned | undefined>(
        (best, next) => (best === undefined || next.atMs < best.atMs ? next : best),
        undefined,
      );
      const atMs = Math.min(wakeMs, planned?.atMs ?? Number.POSITIVE_INFINITY);
      if (atMs > endMs) break;
      this.nowMs = Math.max(this.nowMs, atMs);
      if (planned !== undefined && planned.atMs === atMs) {
        this.#planned = this.#planned.filter((entry) => entry !== planned);
        this.happen(planned.event);
      } else this.happen({ t: "wake" });
    }
    this.nowMs = endMs;
  }

  get counts(): { gets: number; patches: number; tokens: number; events: number; deletes: number } {
    const { gets, tokens, deletes } = this;
    return { gets, patches: this.patches.length, tokens, events: this.events.length, deletes };
  }

  /** Counts since the last call. */
  takeCounts(): PurePod["counts"] {
    const counts = this.counts;
    this.gets = this.tokens = this.deletes = this.patches.length = this.events.length = 0;
    return counts;
  }

  #carryOut(effect: PodEffect): void {
    switch (effect.do) {
      case "push":
        this.#push(effect.step === "final");
        return;
      case "event":
        this.events.push(`${effect.reason}: ${effect.message}`);
        return;
      case "mount":
        this.tokens++;
        return;
      case "create-sandbox": {
        const atMs = this.nowMs + 400;
        const ip = sandboxFails(this.plan, this.state, atMs) ? undefined : "10.233.0.189";
        this.#planned.push({ atMs, event: { t: "sandbox-made", ip } });
        return;
      }
      case "start-container":
        this.#planned.push({ atMs: this.nowMs + 60, event: { t: "container-up", index: effect.index } });
        return;
      case "stop-container":
        this.#planned.push({ atMs: this.nowMs + 100, event: { t: "container-down", index: effect.index } });
        return;
      case "release":
        return;
    }
  }

  #push(final: boolean): void {
    this.gets++;
    const patch = statusPatch(this.plan.uid, this.api, desiredStatus(this.plan, this.state, "192.0.2.2", this.api));
    if (patch !== undefined) {
      this.patches.push(patch);
      this.api = applyStatusPatch(this.api, patch);
      this.statuses.push(this.api);
    }
    const terminal = this.api.phase === "Succeeded" || this.api.phase === "Failed";
    if (final && terminal && this.#deletionSeen) this.deletes++;
  }
}
