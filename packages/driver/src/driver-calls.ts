import type { CallObserver, CallRecord } from "@hollowfleet/client";
import { callSample } from "@hollowfleet/fleet";
import { callOutcome, Histogram, quantiles, type Recorder } from "@hollowfleet/metrics";
import type { Churn } from "./probes/churn.ts";

/** Records the driver's own calls, and keeps what the live display shows of them. */
export class DriverCalls implements CallObserver {
  readonly #recorder: Recorder;
  readonly #churn: Churn;
  readonly #latency = new Histogram();
  readonly #lag = new Histogram();
  total = 0;
  errors = 0;
  rejected = 0;

  /** @param churn counts the driver's calls as requests of a user */
  constructor(recorder: Recorder, churn: Churn) {
    this.#recorder = recorder;
    this.#churn = churn;
  }

  onCall(record: CallRecord): void {
    const sample = callSample(record);
    this.total++;
    this.#churn.add(record.startedUs);
    this.rejected += record.rejected;
    if (callOutcome(record.code) === "failed") this.errors++;
    this.#latency.record(sample.latencyUs);
    this.#lag.record(sample.lagUs);
    this.#recorder.call("driver", sample);
  }

  /** Latency and lag so far, µs. */
  live(): {
    readonly p50Us: number | undefined;
    readonly p99Us: number | undefined;
    readonly lagP99Us: number | undefined;
  } {
    if (this.#latency.count === 0) return { p50Us: undefined, p99Us: undefined, lagP99Us: undefined };
    const latency = quantiles(this.#latency.data());
    return { p50Us: latency.p50, p99Us: latency.p99, lagP99Us: quantiles(this.#lag.data()).p99 };
  }
}
