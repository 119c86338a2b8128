import type { Clock } from "@hollowfleet/core";

export interface InFlightLimits {
  /** Default 400, as --max-requests-inflight of kube-apiserver. */
  readonly maxReadOnly?: number;
  /** Default 200, as --max-mutating-requests-inflight. */
  readonly maxMutating?: number;
}

type Kind = "mutating" | "readOnly";

/** How many requests are being served at once; watches do not count (apiserver/pkg/server/filters/maxinflight.go). */
export class InFlight {
  readonly #limits: Readonly<Record<Kind, number>>;
  readonly #clock: Clock;
  readonly #counts: Record<Kind, number> = { mutating: 0, readOnly: 0 };
  /** The most at once in the last full second, and in the current one. */
  #lastMax: Record<Kind, number> = { mutating: 0, readOnly: 0 };
  #currentMax: Record<Kind, number> = { mutating: 0, readOnly: 0 };
  #secondStartUs: number;

  constructor(limits: InFlightLimits, clock: Clock) {
    this.#limits = { mutating: limits.maxMutating ?? 200, readOnly: limits.maxReadOnly ?? 400 };
    this.#clock = clock;
    this.#secondStartUs = clock.nowUs();
  }

  /**
   * @param exempt counts, but is never refused: members of system:masters
   * @returns what must be called once at the request's end, or undefined when there are too many
   */
  enter(kind: Kind, exempt: boolean): (() => void) | undefined {
    if (this.#counts[kind] >= this.#limits[kind] && !exempt) return undefined;
    this.#turnSecond();
    this.#counts[kind] += 1;
    this.#currentMax[kind] = Math.max(this.#currentMax[kind], this.#counts[kind]);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#turnSecond();
      this.#counts[kind] -= 1;
    };
  }

  /** The most at once in the last second. */
  watermarks(): Readonly<Record<Kind, number>> {
    this.#turnSecond();
    return {
      mutating: Math.max(this.#lastMax.mutating, this.#currentMax.mutating),
      readOnly: Math.max(this.#lastMax.readOnly, this.#currentMax.readOnly),
    };
  }

  #turnSecond(): void {
    const elapsedUs = this.#clock.nowUs() - this.#secondStartUs;
    if (elapsedUs < 1_000_000) return;
    this.#lastMax = elapsedUs < 2_000_000 ? this.#currentMax : { ...this.#counts };
    this.#currentMax = { ...this.#counts };
    this.#secondStartUs += Math.floor(elapsedUs / 1_000_000) * 1_000_000;
  }
}

const readOnlyVerbs: ReadonlySet<string> = new Set(["get", "list", "watch"]);

export function inFlightKind(verb: string): Kind {
  return readOnlyVerbs.has(verb) ? "readOnly" : "mutating";
}
