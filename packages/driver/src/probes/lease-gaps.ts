/** A gap between two renewals of one node above this is late (DESIGN §5). */
const lateGapUs = 15_000_000;

/** Mean renewal period: 10 s plus a jitter of 0 to 4 % (k8s.io/component-helpers/apimachinery/lease). */
export const meanRenewalUs = 10_200_000;

/**
 * A renewal is due when it must have arrived. The jitter of many periods adds up to less than this, and so does what we
 * may be late before it counts against us (DESIGN §5).
 */
const toleranceUs = 1_000_000;

/** What an observer outside the fleet saw of the heartbeats. */
export interface LeaseFigures {
  /** Renewals that arrived, the first of each node apart. */
  readonly seen: number;
  /** Renewals that were due in the time each lease was watched. */
  readonly due: number;
  readonly late: number;
  /** Of the late ones, those in which the fleet itself was late with a renewal by more than 1 s; the rest is the server's. */
  readonly lateOurs: number;
  readonly maxGapUs: number;
  /** Nodes whose last renewal is older than the late gap at the end. */
  readonly silent: number;
}

/** A late gap, as long as nobody has said whose fault it is. */
interface LateGap {
  readonly fromUs: number;
  readonly toUs: number;
}

/** An answer may take this long after the watch has shown the renewal: the heartbeat's own timeout. */
const answerUs = 10_000_000;

interface LeaseState {
  readonly firstUs: number;
  lastUs: number;
  renewedAt: string;
}

/** Follows lease renewals by their arrival at a watch. Pure. */
export class LeaseGaps {
  readonly #leases = new Map<string, LeaseState>();
  readonly #onGap: (gapUs: number) => void;
  #seen = 0;
  readonly #late = new Map<string, LateGap[]>();
  /** When the fleet ended renewals that it was late with. */
  readonly #ours = new Map<string, number[]>();
  #maxGapUs = 0;
  #dueEnded = 0;

  /** @param onGap told of each gap, for a histogram */
  constructor(onGap: (gapUs: number) => void = () => undefined) {
    this.#onGap = onGap;
  }

  /** @param renewedAt the lease's renewTime, in any form: only a changed one is a renewal */
  observe(node: string, renewedAt: string, atUs: number): void {
    const lease = this.#leases.get(node);
    if (lease === undefined) {
      this.#leases.set(node, { firstUs: atUs, lastUs: atUs, renewedAt });
      return;
    }
    if (lease.renewedAt === renewedAt) return;
    const gapUs = atUs - lease.lastUs;
    this.#seen++;
    this.#maxGapUs = Math.max(this.#maxGapUs, gapUs);
    if (gapUs > lateGapUs) push(this.#late, node, { fromUs: lease.lastUs, toUs: atUs });
    lease.lastUs = atUs;
    lease.renewedAt = renewedAt;
    this.#onGap(gapUs);
  }

  /** The fleet says that it was late with a renewal, which ended then. May come before or after the watch shows it. */
  ours(node: string, endUs: number): void {
    push(this.#ours, node, endUs);
  }

  /** The lease was deleted: no more renewals are due. */
  remove(node: string, atUs: number): void {
    const lease = this.#leases.get(node);
    if (lease === undefined) return;
    this.#dueEnded += dueWithin(atUs - lease.firstUs, meanRenewalUs);
    this.#leases.delete(node);
  }

  /**
   * The figures up to now.
   * @param callUs what a renewal takes to be answered: the next period begins then (k8s.io/component-helpers, JitterUntil sliding)
   */
  figures(nowUs: number, callUs = 0): LeaseFigures {
    let due = this.#dueEnded;
    let silent = 0;
    let maxGapUs = this.#maxGapUs;
    const gaps = [...this.#late].flatMap(([node, late]) => late.map((gap) => ({ node, ...gap })));
    for (const [node, lease] of this.#leases) {
      due += dueWithin(nowUs - lease.firstUs, meanRenewalUs + callUs);
      const openGapUs = nowUs - lease.lastUs;
      if (openGapUs > lateGapUs) {
        silent++;
        gaps.push({ node, fromUs: lease.lastUs, toUs: nowUs });
        maxGapUs = Math.max(maxGapUs, openGapUs);
      }
    }
    const lateOurs = gaps.filter(({ node, fromUs, toUs }) =>
      this.#ours.get(node)?.some((endUs) => endUs > fromUs && endUs < toUs + answerUs),
    ).length;
    return { seen: this.#seen, due, late: gaps.length, lateOurs, maxGapUs, silent };
  }
}

/** Whole periods only: a lease that was just renewed owes nothing. */
function dueWithin(watchedUs: number, periodUs: number): number {
  return Math.max(0, Math.floor((watchedUs - toleranceUs) / periodUs));
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
