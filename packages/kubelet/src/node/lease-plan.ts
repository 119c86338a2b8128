import { jitter, type Random } from "@hollowfleet/core";

/** A quarter of the lease's 40 s, from the end of one renewal to the next (component-helpers/apimachinery/lease/controller.go). */
const renewIntervalMs = 10_000;
/** Same file, since Kubernetes 1.22. */
const renewJitter = 0.04;
/** PUTs in a row, without a pause, before the ensure ladder begins (same file, maxUpdateRetries). */
const putTriesMax = 5;
const ensureWaitMs = 200;
const ensureWaitMaxMs = 7000;

/** From the end of one renewal to the beginning of the next. */
export function renewDelayMs(random: Random): number {
  return jitter(random, renewIntervalMs, renewJitter);
}

/**
 * One synchronisation of the lease, as a state machine. `held` says whether the last answer's bytes are at hand.
 *
 * | state  | request     | on                   | next                                         |
 * |--------|-------------|----------------------|----------------------------------------------|
 * | put    | PUT lease   | ok                   | done                                         |
 * |        |             | conflict             | get (tries kept)                             |
 * |        |             | other, tries < 5     | put                                          |
 * |        |             | other, tries = 5     | get, or done when the lease was just fetched |
 * | get    | GET lease   | ok                   | put                                          |
 * |        |             | not found            | node                                         |
 * |        |             | other                | wait, then get                               |
 * | node   | GET node    | ok                   | post                                         |
 * |        |             | other                | done: no lease now, the next sync tries anew |
 * | post   | POST lease  | ok                   | done                                         |
 * |        |             | other                | wait, then get                               |
 */
export type LeaseStep =
  | { readonly kind: "put"; readonly tries: number; readonly fetched: boolean }
  | { readonly kind: "get"; readonly tries: number; readonly waitMs: number; readonly delayMs: number }
  | { readonly kind: "node"; readonly tries: number; readonly waitMs: number }
  | { readonly kind: "post"; readonly tries: number; readonly waitMs: number }
  | { readonly kind: "done" };

/** What became of a step's request. */
export type LeaseOutcome = "ok" | "conflict" | "not-found" | "failed";

const done: LeaseStep = { kind: "done" };
/** Shared, since nearly every renewal of every node begins with it. */
const firstPut: LeaseStep = { kind: "put", tries: 0, fetched: false };
const firstGet: LeaseStep = { kind: "get", tries: 0, waitMs: ensureWaitMs, delayMs: 0 };

/** How a synchronisation begins. */
export function firstLeaseStep(held: boolean): LeaseStep {
  return held ? firstPut : firstGet;
}

/** The step after this one. */
export function nextLeaseStep(step: LeaseStep, outcome: LeaseOutcome): LeaseStep {
  switch (step.kind) {
    case "put":
      return afterPut(step, outcome);
    case "get":
      if (outcome === "ok") return { kind: "put", tries: step.tries, fetched: true };
      return outcome === "not-found" ? { kind: "node", tries: step.tries, waitMs: step.waitMs } : retry(step);
    case "node":
      return outcome === "ok" ? { ...step, kind: "post" } : done;
    case "post":
      return outcome === "ok" ? done : retry(step);
    case "done":
      return done;
  }
}

function afterPut(step: { tries: number; fetched: boolean }, outcome: LeaseOutcome): LeaseStep {
  if (outcome === "ok") return done;
  const tries = step.tries + 1;
  if (tries < putTriesMax)
    return outcome === "conflict"
      ? { kind: "get", tries, waitMs: ensureWaitMs, delayMs: 0 }
      : { kind: "put", tries, fetched: step.fetched };
  return step.fetched ? done : firstGet;
}

/** Each GET or POST of the ensure ladder that failed doubles the wait before the next GET. */
function retry(step: { tries: number; waitMs: number }): LeaseStep {
  const { tries, waitMs } = step;
  return { kind: "get", tries, waitMs: Math.min(waitMs * 2, ensureWaitMaxMs), delayMs: waitMs };
}
