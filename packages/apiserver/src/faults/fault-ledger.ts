import type { FaultRule } from "./fault-plan.ts";

/** What one rule did. */
export interface FaultLedgerEntry {
  readonly rule: FaultRule;
  /** Requests that its match fits. */
  readonly seen: number;
  /** Requests that it changed. */
  readonly hit: number;
  /** Requests that it would have changed, but an earlier rule did. */
  readonly shadowed: number;
  /** Each injected delay in order, the first 100,000 of them; empty for faults without one. */
  readonly delaysMs: readonly number[];
  readonly delaySumMs: number;
  readonly delayMsMax: number;
}

/** Exactly what was injected, to be compared with what was measured. */
export interface FaultLedger {
  /** All requests that the injector was asked about. */
  readonly calls: number;
  /** In the order of the plan's rules. */
  readonly entries: readonly FaultLedgerEntry[];
}

const delaysMax = 100_000;

/** The entry of one rule while it is written. */
export class LedgerLine {
  readonly #rule: FaultRule;
  #seen = 0;
  #hit = 0;
  #shadowed = 0;
  readonly #delaysMs: number[] = [];
  #delaySumMs = 0;
  #delayMsMax = 0;

  constructor(rule: FaultRule) {
    this.#rule = rule;
  }

  see(): void {
    this.#seen += 1;
  }

  shadow(): void {
    this.#shadowed += 1;
  }

  /** @param delayMs undefined for faults without one */
  hit(delayMs: number | undefined): void {
    this.#hit += 1;
    if (delayMs === undefined) return;
    if (this.#delaysMs.length < delaysMax) this.#delaysMs.push(delayMs);
    this.#delaySumMs += delayMs;
    this.#delayMsMax = Math.max(this.#delayMsMax, delayMs);
  }

  entry(): FaultLedgerEntry {
    return {
      rule: this.#rule,
      seen: this.#seen,
      hit: this.#hit,
      shadowed: this.#shadowed,
      delaysMs: [...this.#delaysMs],
      delaySumMs: this.#delaySumMs,
      delayMsMax: this.#delayMsMax,
    };
  }
}

/**
 * The injected delay that a share of the requests which the rule saw did not exceed; requests that it let pass count as 0.
 * @param quantile 0 to 1, e.g. 0.99
 */
export function injectedDelayMs({ seen, hit, delaysMs }: FaultLedgerEntry, quantile: number): number {
  const among = Math.max(1, Math.ceil(quantile * seen)) - (seen - hit);
  const sorted = [...delaysMs].sort((a, b) => a - b);
  return among <= 0 ? 0 : (sorted[Math.ceil((among / hit) * sorted.length) - 1] ?? 0);
}
