import { type Clock, type Random, sample, seededRandom } from "@hollowfleet/core";
import { formatFaultFlag } from "./fault-flag.ts";
import type { FaultDecision, FaultHook, FaultTarget } from "./fault-hook.ts";
import { type FaultLedger, LedgerLine } from "./fault-ledger.ts";
import { apiVerbs, type FaultPlan, type FaultRule } from "./fault-plan.ts";

/** A hook that follows a plan and keeps books of it. */
export interface FaultInjector extends FaultHook {
  ledger(): FaultLedger;
}

/**
 * Decides as the plan says. Each rule draws from a fork of the seed of its own, labelled with what the rule says: it hits the
 * same requests of a sequence whatever other rules stand beside it.
 * @param clock windows of stalls count from now on it
 */
export function createFaultInjector(plan: FaultPlan, seed: number | string, clock: Clock): FaultInjector {
  const startUs = clock.nowUs();
  const elapsedMs = (): number => (clock.nowUs() - startUs) / 1000;
  const random = seededRandom(seed);
  const twins = new Map<string, number>();
  const actors = plan.rules.map((rule) => {
    const text = formatFaultFlag(rule);
    const twin = twins.get(text) ?? 0;
    twins.set(text, twin + 1);
    return createActor(rule, random.fork(`${text}#${twin}`), elapsedMs);
  });
  let calls = 0;
  return {
    decide(target) {
      calls += 1;
      let decision: FaultDecision = none;
      for (const { line, decide } of actors) {
        const own = decide(target);
        if (own === none) continue;
        if (decision !== none) {
          line.shadow();
          continue;
        }
        line.hit(own.kind === "delay" ? own.delayMs : undefined);
        decision = own;
      }
      return decision;
    },
    ledger: () => ({ calls, entries: actors.map(({ line }) => line.entry()) }),
  };
}

const none: FaultDecision = { kind: "none" };

interface Actor {
  readonly line: LedgerLine;
  decide(target: FaultTarget): FaultDecision;
}

function createActor(rule: FaultRule, random: Random, elapsedMs: () => number): Actor {
  const line = new LedgerLine(rule);
  const matches = matcher(rule);
  const { share = 1, every } = rule;
  const inShare = (count: number): boolean => (every === undefined ? random.next() < share : count % every === 0);
  let seen = 0;
  return {
    line,
    decide(target) {
      if (!matches(target)) return none;
      line.see();
      seen += 1;
      return inShare(seen) ? decisionOf(rule, random, elapsedMs) : none;
    },
  };
}

function decisionOf({ fault }: FaultRule, random: Random, elapsedMs: () => number): FaultDecision {
  switch (fault.kind) {
    case "delay":
      return { kind: "delay", delayMs: sample(fault.delay, random) };
    case "stall": {
      const leftMs = fault.atMs + fault.forMs - elapsedMs();
      return leftMs > 0 && leftMs <= fault.forMs ? { kind: "delay", delayMs: leftMs } : none;
    }
    case "error": {
      const { code, reason, retryAfterS } = fault;
      return { kind: "error", httpCode: code, reason, ...(retryAfterS !== undefined && { retryAfterS }) };
    }
    case "clock-offset":
      return none;
    default:
      return fault;
  }
}

function matcher({ match = {}, fault }: FaultRule): (target: FaultTarget) => boolean {
  if (fault.kind === "clock-offset") return () => false;
  const { verbs, resources, subresources, users, namespaces } = match;
  const lists: readonly (readonly [keyof FaultTarget, readonly string[] | undefined])[] = [
    ["verb", verbs?.map((verb) => apiVerbs[verb] ?? verb)],
    ["resource", resources],
    ["subresource", subresources],
    ["user", users],
    ["namespace", namespaces],
  ];
  const tests = lists.flatMap(([field, patterns]) =>
    patterns === undefined ? [] : [{ field, fits: anyOf(patterns) }],
  );
  if (fault.kind === "slow-watch" || fault.kind === "stalled-watch") {
    tests.push({ field: "verb", fits: (verb) => verb === "watch" });
  }
  return (target) => tests.every(({ field, fits }) => fits(target[field]));
}

function anyOf(patterns: readonly string[]): (value: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith("*")));
  const prefixes = patterns.filter((pattern) => pattern.endsWith("*")).map((pattern) => pattern.slice(0, -1));
  return (value) => exact.has(value) || prefixes.some((prefix) => value.startsWith(prefix));
}
