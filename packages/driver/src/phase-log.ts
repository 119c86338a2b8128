import type { Clock } from "@hollowfleet/core";

/** Arrivals of one phase: what was asked for and what was really started. */
export interface ArrivalCounts {
  readonly started: number;
  readonly dropped: number;
  readonly cut: number;
}

/** One phase that was begun. */
export interface PhaseRecord {
  readonly name: string;
  readonly startMs: number;
  endMs: number;
  readonly startUs: number;
  arrivals: ArrivalCounts | undefined;
  /** What it did not reach. */
  shortfall: string | undefined;
}

/** Which phases a run went through, when, and what they started. */
export class PhaseLog {
  readonly #clock: Clock;
  readonly records: PhaseRecord[] = [];
  /** When the current phase should be over at its planned rate. */
  plannedEndUs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get current(): string {
    return this.records.at(-1)?.name ?? "";
  }

  /** Runs one phase and notes its beginning and end, however it ends. */
  async run(name: string, plannedMs: number | undefined, body: (record: PhaseRecord) => Promise<void>): Promise<void> {
    const record: PhaseRecord = {
      name,
      startMs: this.#clock.nowMs(),
      endMs: 0,
      startUs: this.#clock.nowUs(),
      arrivals: undefined,
      shortfall: undefined,
    };
    this.records.push(record);
    this.plannedEndUs = plannedMs === undefined ? undefined : record.startUs + plannedMs * 1000;
    try {
      await body(record);
    } finally {
      record.endMs = this.#clock.nowMs();
      this.plannedEndUs = undefined;
    }
  }

  /** The phase that was left in the middle ends now. */
  close(): void {
    for (const record of this.records) if (record.endMs === 0) record.endMs = this.#clock.nowMs();
  }

  get dropped(): number {
    return this.records.reduce((sum, record) => sum + (record.arrivals?.dropped ?? 0), 0);
  }

  get started(): number {
    return this.records.reduce((sum, record) => sum + (record.arrivals?.started ?? 0), 0);
  }
}
