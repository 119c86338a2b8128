import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantiles } from "./histogram.ts";
import { type CallSample, createRecorder, type Recorder } from "./recorder.ts";
import {
  type CallSource,
  callKey,
  counterOf,
  histogramOf,
  mergeSnapshots,
  type Snapshot,
  snapshotDelta,
} from "./snapshot.ts";

const sample: CallSample = {
  verb: "PUT",
  resource: "leases",
  subresource: "",
  scope: "resource",
  code: "200",
  latencyUs: 1500,
  intendedLatencyUs: 1700,
  lagUs: 200,
  requestBytes: 300,
  responseBytes: 400,
  attempts: 1,
  rejected: 0,
};

describe("a recorder", () => {
  it("keeps calls apart by source and every label", () => {
    const recorder = createRecorder();
    recorder.call("kubelet", sample);
    recorder.call("kubelet", sample);
    for (const other of [
      { verb: "GET" },
      { resource: "nodes" },
      { subresource: "status" },
      { scope: "cluster" },
      { code: "429" },
    ]) {
      recorder.call("kubelet", { ...sample, ...other });
    }
    recorder.call("driver", sample);
    const { calls } = recorder.snapshot();
    expect(calls).toHaveLength(7);
    expect(new Set(calls.map(callKey)).size).toBe(7);
    expect(calls[0]).toMatchObject({ source: "kubelet", requestBytes: 600, responseBytes: 800, attempts: 2 });
    expect(calls[0]?.latency).toMatchObject({ count: 2, maxUs: 1500 });
    expect(calls[0]?.intended).toMatchObject({ count: 2, maxUs: 1700 });
  });

  it("keeps lag by source, apart from latency", () => {
    const recorder = createRecorder();
    recorder.call("driver", { ...sample, lagUs: 70_000 });
    recorder.call("kubelet", { ...sample, verb: "GET", lagUs: 5 });
    const snapshot = recorder.snapshot();
    expect(histogramOf(snapshot, "lag", { source: "driver" })).toMatchObject({ count: 1, maxUs: 70_000 });
    expect(histogramOf(snapshot, "lag")).toMatchObject({ count: 2 });
  });

  it("observes and counts under the labels of the metric, whatever their order", () => {
    const recorder = createRecorder();
    recorder.observe("pod_startup", { load: "latency", phase: "created-to-observed", clock: "watch" }, 10);
    recorder.observe("pod_startup", { clock: "watch", phase: "created-to-observed", load: "latency" }, 20);
    recorder.count("lease_renewals", { result: "ok" });
    recorder.count("lease_renewals", { result: "ok" }, 4);
    const snapshot = recorder.snapshot();
    expect(snapshot.histograms).toHaveLength(1);
    expect(counterOf(snapshot, "lease_renewals", { result: "ok" })).toBe(5);
    expect(counterOf(snapshot, "lease_renewals", { result: "failed" })).toBe(0);
  });

  it("puts samples beyond the ceiling into one series and counts them", () => {
    const recorder = createRecorder({ maxSeries: 4 });
    for (let index = 0; index < 100; index++) {
      recorder.call("driver", { ...sample, resource: `r${index}` });
      recorder.count("kubelet_errors", { where: `w${index}`, code: "reset" });
    }
    const snapshot = recorder.snapshot();
    const total = snapshot.calls.reduce((sum, series) => sum + series.latency.count, 0);
    expect(total).toBe(100);
    expect(counterOf(snapshot, "kubelet_errors")).toBe(100);
    expect(snapshot.calls.length + snapshot.counters.length).toBeLessThanOrEqual(6);
    expect(snapshot.calls.some((series) => series.resource === "other")).toBe(true);
    expect(snapshot.overflowed).toBeGreaterThanOrEqual(194);
  });

  it("gives snapshots that survive a structured clone", () => {
    const recorder = createRecorder();
    recorder.call("driver", sample);
    recorder.observe("node_ready", {}, 12);
    const snapshot = recorder.snapshot();
    expect(structuredClone(snapshot)).toEqual(snapshot);
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  });
});

interface Write {
  readonly source: CallSource;
  readonly resource: string;
  readonly code: string;
  readonly latencyUs: number;
}

const write: fc.Arbitrary<Write> = fc.record({
  source: fc.constantFrom("driver", "kubelet"),
  resource: fc.constantFrom("pods", "nodes"),
  code: fc.constantFrom("200", "409", "reset"),
  latencyUs: fc.integer({ min: 0, max: 4_000_000_000 }),
});

function tell(recorder: Recorder, { latencyUs, ...labels }: Write & { readonly source: CallSource }): void {
  recorder.call(labels.source, { ...sample, ...labels, latencyUs, intendedLatencyUs: latencyUs + 5 });
  recorder.count("node_transitions", { to: labels.code });
  recorder.observe("event_loop_delay", {}, latencyUs);
}

/** A snapshot as figures: the encoded form of a histogram depends on how it grew. */
function figures(snapshot: Snapshot): unknown {
  const read = snapshot.calls.map(({ latency, intended, ...series }) => {
    return [
      callKey(series),
      series,
      { ...latency, hdr: quantiles(latency) },
      { ...intended, hdr: quantiles(intended) },
    ];
  });
  return {
    calls: read.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    histograms: snapshot.histograms
      .map(({ histogram, ...series }) => JSON.stringify({ ...series, ...histogram, hdr: quantiles(histogram) }))
      .sort(),
    counters: snapshot.counters.map((counter) => JSON.stringify(counter)).sort(),
    overflowed: snapshot.overflowed,
  };
}

describe("snapshots", () => {
  it("of many recorders merge to that of one which saw everything", () => {
    fc.assert(
      fc.property(fc.array(fc.array(write, { maxLength: 12 }), { minLength: 1, maxLength: 4 }), (threads) => {
        const one = createRecorder();
        const parts = threads.map((writes) => {
          const recorder = createRecorder();
          for (const each of writes) {
            tell(recorder, each);
            tell(one, each);
          }
          return recorder.snapshot();
        });
        expect(figures(mergeSnapshots(parts))).toEqual(figures(one.snapshot()));
      }),
      { numRuns: 50 },
    );
  });

  it("differ by what was recorded between them", () => {
    const recorder = createRecorder();
    const first: Write = { source: "driver", resource: "pods", code: "200", latencyUs: 10 };
    tell(recorder, first);
    tell(recorder, { ...first, resource: "nodes" });
    const before = recorder.snapshot();
    tell(recorder, { ...first, latencyUs: 900 });
    tell(recorder, { ...first, code: "500" });
    const delta = snapshotDelta(recorder.snapshot(), before);
    expect(delta.calls.map((series) => [series.resource, series.code, series.latency.count])).toEqual([
      ["pods", "200", 1],
      ["pods", "500", 1],
    ]);
    expect(delta.calls[0]?.latency.maxUs).toBe(900);
    expect(counterOf(delta, "node_transitions", { to: "200" })).toBe(1);
    expect(snapshotDelta(before, before)).toEqual({ calls: [], histograms: [], counters: [], overflowed: 0 });
  });
});
