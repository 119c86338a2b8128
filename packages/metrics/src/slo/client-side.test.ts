import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CallSample, createRecorder, type Recorder } from "../recorder.ts";
import type { ClientSideVerdict } from "../verdict.ts";
import { callOutcome } from "./call-outcome.ts";
import { judgeClientSide } from "./client-side.ts";

const sample: CallSample = {
  verb: "POST",
  resource: "pods",
  subresource: "",
  scope: "resource",
  code: "201",
  latencyUs: 5000,
  intendedLatencyUs: 5000,
  lagUs: 0,
  requestBytes: 1,
  responseBytes: 1,
  attempts: 1,
  rejected: 0,
};

function judged(write: (recorder: Recorder) => void): ClientSideVerdict {
  const recorder = createRecorder();
  write(recorder);
  return judgeClientSide(recorder.snapshot());
}

function call(recorder: Recorder, times: number, over: Partial<CallSample> = {}): void {
  for (let index = 0; index < times; index++) recorder.call("driver", { ...sample, ...over });
}

describe("judgeClientSide", () => {
  it("passes up to 1 % over the limit, not beyond", () => {
    const slow = { intendedLatencyUs: 1_200_000 };
    const at = (over: number) =>
      judged((recorder) => {
        call(recorder, 200 - over);
        call(recorder, over, slow);
      });
    expect(at(2).rows[0]).toMatchObject({ status: "passed", count: 200, overLimit: 2 });
    expect(at(3).rows[0]).toMatchObject({ status: "failed", overLimit: 3 });
  });

  it("judges from when a call was due", () => {
    const verdict = judged((recorder) => call(recorder, 100, { latencyUs: 2000, intendedLatencyUs: 9_000_000 }));
    expect(verdict.rows[0]).toMatchObject({ status: "failed", overLimit: 100 });
  });

  it.each(["500", "503", "504", "429", "408", "reset", "deadline", "connect-failed"])(
    "counts %s as over the limit",
    (code) => {
      const verdict = judged((recorder) => {
        call(recorder, 98);
        call(recorder, 2, { code, intendedLatencyUs: 10 });
      });
      expect(verdict.rows[0]).toMatchObject({ status: "failed", count: 100, overLimit: 2, failed: 2 });
    },
  );

  it("takes other refusals as answers, and leaves out what we ended ourselves", () => {
    const verdict = judged((recorder) => {
      call(recorder, 100, { code: "409" });
      call(recorder, 50, { code: "aborted", intendedLatencyUs: 60_000_000 });
    });
    expect(verdict.rows[0]).toMatchObject({ status: "passed", count: 100 });
    expect(callOutcome("closed")).toBe("ours");
  });

  it("counts dropped starts, even where every start was dropped", () => {
    const { verb, resource, subresource, scope } = sample;
    const verdict = judged((recorder) => {
      call(recorder, 98);
      recorder.count("dropped_starts", { verb, resource, subresource, scope }, 2);
      recorder.count("dropped_starts", { verb: "LIST", resource, subresource, scope: "cluster" }, 100);
    });
    expect(verdict.rows.map((row) => [row.verb, row.status, row.count, row.dropped])).toEqual([
      ["LIST", "failed", 100, 100],
      ["POST", "failed", 100, 2],
    ]);
    expect(verdict.rows[0]).not.toHaveProperty("p99Us");
  });

  it("says no data below 100 samples", () => {
    expect(judged((recorder) => call(recorder, 99, { code: "500" })).status).toBe("no-data");
    expect(judged(() => undefined)).toEqual({ status: "no-data", rows: [] });
  });

  it("gives lists 30 s and ignores watches, kubelets and streams", () => {
    const slow = { latencyUs: 20_000_000, intendedLatencyUs: 20_000_000 };
    const verdict = judged((recorder) => {
      call(recorder, 100, { ...slow, verb: "LIST", scope: "namespace" });
      call(recorder, 100, { ...slow, verb: "WATCH", scope: "cluster" });
      call(recorder, 100, { ...slow, verb: "GET", subresource: "log" });
      for (let index = 0; index < 100; index++) recorder.call("kubelet", { ...sample, ...slow });
    });
    expect(verdict.rows).toHaveLength(1);
    expect(verdict).toMatchObject({ status: "passed", rows: [{ verb: "LIST", limitUs: 30_000_000 }] });
  });

  it("never passes a slower server where a faster one failed", () => {
    const call = fc.tuple(fc.integer({ min: 0, max: 2_000_000 }), fc.integer({ min: 0, max: 2_000_000 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(call, { minLength: 100, maxLength: 140 }), (calls) => {
        const at = (slower: boolean) =>
          judged((recorder) => {
            for (const [latency, extra, breaks] of calls) {
              const intendedLatencyUs = latency / 2 + (slower ? extra : 0);
              const code = slower && breaks ? "503" : "200";
              recorder.call("driver", { ...sample, intendedLatencyUs, code });
            }
          });
        if (at(false).status === "failed") expect(at(true).status).toBe("failed");
      }),
      { numRuns: 40 },
    );
  });
});
