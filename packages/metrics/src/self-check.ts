/** Why a run says nothing of the server. */
export type InvalidCode = "lag" | "dropped-starts" | "thread-busy" | "worker-died" | "heartbeats";

/** One broken rule: its figure, its limit, and a sentence for people. */
export interface InvalidReason {
  readonly code: InvalidCode;
  readonly figure: number;
  readonly limit: number;
  readonly unit: "us" | "share" | "count";
  readonly sentence: string;
}

/** What the rules look at. Shares are between 0 and 1, spans in µs. */
export interface SelfCheckFigures {
  readonly lagP99Us: number;
  /** The smallest limit that is judged; 1 s for the official SLOs. */
  readonly smallestLimitUs: number;
  readonly startsDue: number;
  readonly startsDropped: number;
  /** The busiest 10 seconds of each worker thread: seconds on a core over seconds passed. */
  readonly threads: readonly { readonly name: string; readonly busyMax10s: number }[];
  readonly deadWorkers: readonly { readonly name: string; readonly cause: string }[];
  /** Lease renewals due while the server answered; those of an API server outage are not counted. */
  readonly heartbeatsPlanned: number;
  /** Of those, the ones that a watch outside the fleet saw. */
  readonly heartbeatsSeen: number;
  /** The largest share of a thread's time that it was ready to run and no CPU was free (schedstat). */
  readonly runQueueWaitShare: number;
}

export interface SelfCheckResult {
  readonly valid: boolean;
  readonly reasons: readonly InvalidReason[];
  /** The machine itself was full. Shown apart: it explains figures, and makes nothing invalid alone. */
  readonly machineFull: boolean;
  readonly figures: SelfCheckFigures;
}

const lagShareMax = 0.1;
const droppedShareMax = 0.001;
const busyMax = 0.85;
const heartbeatShareMin = 0.95;
const runQueueWaitShareMax = 0.1;

/**
 * Whether the harness was good enough for its figures to speak of the server. A slow server makes no run invalid; a slow
 * harness always does, so that it is never read as a slow server.
 */
export function selfCheck(figures: SelfCheckFigures): SelfCheckResult {
  const reasons = [lag(figures), dropped(figures), ...busy(figures), ...died(figures), heartbeats(figures)].filter(
    (reason) => reason !== undefined,
  );
  const machineFull = figures.runQueueWaitShare > runQueueWaitShareMax;
  return { valid: reasons.length === 0, reasons, machineFull, figures };
}

function lag({ lagP99Us, smallestLimitUs }: SelfCheckFigures): InvalidReason | undefined {
  const limit = lagShareMax * smallestLimitUs;
  if (lagP99Us <= limit) return undefined;
  const sentence =
    `1 in 100 calls left the simulator ${ms(lagP99Us)} late or more; ` +
    `${ms(limit)}, a tenth of the smallest judged limit, is allowed`;
  return { code: "lag", figure: lagP99Us, limit, unit: "us", sentence };
}

function dropped({ startsDue, startsDropped }: SelfCheckFigures): InvalidReason | undefined {
  if (startsDue === 0 || startsDropped <= droppedShareMax * startsDue) return undefined;
  const share = startsDropped / startsDue;
  const sentence =
    `${startsDropped} of ${startsDue} starts were dropped at the cap of calls in flight ` +
    `(${percent(share)}); ${percent(droppedShareMax)} is allowed`;
  return { code: "dropped-starts", figure: share, limit: droppedShareMax, unit: "share", sentence };
}

function busy({ threads }: SelfCheckFigures): InvalidReason[] {
  return threads
    .filter((thread) => thread.busyMax10s > busyMax)
    .map((thread) => {
      const sentence = `thread ${thread.name} was ${percent(thread.busyMax10s)} busy for 10 s; ${percent(busyMax)} is allowed`;
      return { code: "thread-busy", figure: thread.busyMax10s, limit: busyMax, unit: "share", sentence };
    });
}

function died({ deadWorkers }: SelfCheckFigures): InvalidReason[] {
  return deadWorkers.map(({ name, cause }) => {
    return { code: "worker-died", figure: 1, limit: 0, unit: "count", sentence: `thread ${name} died: ${cause}` };
  });
}

function heartbeats({ heartbeatsPlanned, heartbeatsSeen }: SelfCheckFigures): InvalidReason | undefined {
  if (heartbeatsSeen >= heartbeatShareMin * heartbeatsPlanned) return undefined;
  const share = heartbeatsSeen / heartbeatsPlanned;
  const sentence =
    `${heartbeatsSeen} of ${heartbeatsPlanned} lease renewals due were seen (${percent(share)}) ` +
    `while the server answered; ${percent(heartbeatShareMin)} is the least`;
  return { code: "heartbeats", figure: share, limit: heartbeatShareMin, unit: "share", sentence };
}

function ms(us: number): string {
  return `${Math.round(us / 100) / 10} ms`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
