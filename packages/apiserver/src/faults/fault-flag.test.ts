import type { Distribution } from "@hollowfleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFaultPlan, validateFaultPlan } from "./fault-checks.ts";
import { FaultError } from "./fault-error.ts";
import { formatFaultFlag, parseFaultFlag } from "./fault-flag.ts";
import { apiVerbs, type Fault, type FaultRule } from "./fault-plan.ts";

describe("parseFaultFlag", () => {
  it.each<[string, FaultRule]>([
    [
      "delay=1500ms,share=3%,verb=PUT,resource=leases",
      {
        match: { verbs: ["PUT"], resources: ["leases"] },
        share: 0.03,
        fault: { kind: "delay", delay: { kind: "constant", ms: 1500 } },
      },
    ],
    [
      "user=system:node:*, delay=lognormal(400ms, 2s)",
      {
        match: { users: ["system:node:*"] },
        fault: { kind: "delay", delay: { kind: "lognormal", medianMs: 400, p99Ms: 2000 } },
      },
    ],
    ["stall=5s,at=30s", { fault: { kind: "stall", atMs: 30_000, forMs: 5000 } }],
    [
      "error=429,retry-after=2s,every=10",
      { every: 10, fault: { kind: "error", code: 429, reason: "TooManyRequests", retryAfterS: 2 } },
    ],
    ["error=410,reason=Gone", { fault: { kind: "error", code: 410, reason: "Gone" } }],
    ["reset=after-commit,share=0.5", { share: 0.5, fault: { kind: "reset", when: "after-commit" } }],
    [
      "half-open,verb=get|list,subresource=",
      { match: { verbs: ["get", "list"], subresources: [""] }, fault: { kind: "half-open" } },
    ],
    ["goaway,every=500", { every: 500, fault: { kind: "goaway" } }],
    [
      "slow-watch=200ms,resource=pods|nodes",
      { match: { resources: ["pods", "nodes"] }, fault: { kind: "slow-watch", eventDelayMs: 200 } },
    ],
    ["stalled-watch=10s,after=5s", { fault: { kind: "stalled-watch", afterMs: 5000, forMs: 10_000 } }],
    ["clock-offset=-5s", { fault: { kind: "clock-offset", offsetMs: -5000 } }],
  ])("%s", (text, rule) => {
    expect(parseFaultFlag(text)).toEqual(rule);
    expect(validateFaultPlan({ rules: [rule] })).toEqual([]);
  });

  it.each([
    ["", "names no fault", "name one of delay, stall"],
    ["share=3%", "names no fault", "name one of delay"],
    ["toString=1", "names no fault", "name one of delay"],
    ["delay=1s,goaway", "names delay and goaway", "a second fault is a second --fault"],
    ["delay=soon", 'delay "soon"', "1500ms"],
    ["delay=1s,share=0%", 'share "0%"', "above 0"],
    ["delay=1s,share=", 'share ""', "above 0"],
    ["delay=1s,share=200%", 'share "200%"', "up to 1"],
    ["delay=1s,every=often", 'every "often"', "a whole number"],
    ["delay=1s,at=3s", 'at "3s"', "known beside delay are share, every, verb"],
    ["error=9", 'error "9"', "reason="],
    ["reset=later", 'reset "later"', "before-commit or after-commit"],
    ["goaway=now", 'goaway "now"', "without a value"],
    ["stall=5s,stall=6s", 'stall "6s"', "given twice"],
    ["clock-offset=backwards", 'clock-offset "backwards"', "a span such as"],
  ])("refuses %s", (text, message, remedy) => {
    const thrown = errorOf(() => parseFaultFlag(text));
    expect(thrown.code).toBe("invalid-fault");
    expect(thrown.message).toContain(message);
    expect(thrown.remedy).toContain(remedy);
  });

  it.each([
    ["delay=1s,verb=PUSH", 'match.verbs is "PUSH"; verbs are get, list'],
    ["error=200,reason=Fine", "fault.code is 200; give an HTTP code of 400 to 599"],
    ["delay=1s,every=0", "every is 0; give a whole number, 1 or more"],
    ["delay=1s,every=2,share=0.5", "every is 2; give either share or every"],
    ["clock-offset=1s,share=0.5", "share is 0.5; a clock is wrong for every request"],
  ])("refuses what a plan would refuse: %s", (text, message) => {
    expect(errorOf(() => parseFaultFlag(text)).message).toContain(message);
  });

  it("reads back what formatFaultFlag writes", () => {
    fc.assert(
      fc.property(anyRule, (rule) => {
        expect(parseFaultFlag(formatFaultFlag(rule))).toEqual(rule);
      }),
    );
  });
});

describe("validateFaultPlan", () => {
  it("accepts every rule there can be", () => {
    fc.assert(
      fc.property(fc.array(anyRule), (rules) => {
        expect(isFaultPlan({ rules })).toBe(true);
      }),
    );
  });

  it("lists all that is wrong at once", () => {
    const faults = validateFaultPlan({
      seed: 1,
      rules: [
        { share: 2, every: 1.5, fault: { kind: "delay", delay: { kind: "uniform", minMs: 5, maxMs: 1 } } },
        { match: { verbs: [], resource: ["pods"] }, fault: { kind: "error", code: 429, retryAfterS: -1 } },
        { fault: { kind: "meteor" } },
        { fault: { kind: "reset", when: "later" } },
        7,
      ],
    });
    expect(faults.map(({ path, message }) => `${path} ${message}`)).toEqual([
      "seed is not known",
      "rules.0.share is 2",
      "rules.0.every is 1.5",
      'rules.0.fault.delay is {"kind":"uniform","minMs":5,"maxMs":1}',
      "rules.0.every is 1.5",
      "rules.1.match.resource is not known",
      "rules.1.match.verbs is []",
      "rules.1.fault.reason is missing",
      "rules.1.fault.retryAfterS is -1",
      'rules.2.fault.kind is "meteor"',
      'rules.3.fault.when is "later"',
      "rules.4 is 7",
    ]);
    for (const { remedy } of faults) expect(remedy).not.toBe("");
  });

  it.each([undefined, null, [], "delay=1s", { rules: {} }])("%j is no plan", (value) => {
    expect(validateFaultPlan(value)).toMatchObject([{ path: "", remedy: "a plan is { rules: [ … ] }" }]);
  });

  it("never throws, whatever it is given", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (value, inner) => {
        validateFaultPlan(value);
        validateFaultPlan({
          rules: [inner, { fault: inner }, { match: inner, fault: { kind: "delay", delay: inner } }],
        });
      }),
    );
  });
});

function errorOf(run: () => unknown): FaultError {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof FaultError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}

const spanMs = fc.nat(1_000_000).map((tenths) => tenths / 10);
const anyDistribution: fc.Arbitrary<Distribution> = fc
  .oneof(
    spanMs.map((ms) => ({ kind: "constant" as const, ms })),
    fc.tuple(spanMs, spanMs).map(([minMs, more]) => ({ kind: "uniform" as const, minMs, maxMs: minMs + more })),
    fc.record({ kind: fc.constant("normal" as const), meanMs: spanMs, stddevMs: spanMs }),
    spanMs.map((meanMs) => ({ kind: "exponential" as const, meanMs })),
    fc.tuple(spanMs, spanMs).map(([a, b]) => ({ kind: "lognormal" as const, medianMs: a + 1, p99Ms: a + b + 2 })),
  )
  .filter((distribution) => !JSON.stringify(distribution).match(/\d{15}|e-/));
const anyFault: fc.Arbitrary<Fault> = fc.oneof(
  anyDistribution.map((delay) => ({ kind: "delay" as const, delay })),
  fc.record({ kind: fc.constant("stall" as const), atMs: spanMs, forMs: spanMs }),
  fc.record(
    {
      kind: fc.constant("error" as const),
      code: fc.integer({ min: 400, max: 599 }),
      reason: fc.constantFrom("InternalError", "Gone"),
      retryAfterS: fc.nat(60),
    },
    { requiredKeys: ["kind", "code", "reason"] },
  ),
  fc.record({
    kind: fc.constant("reset" as const),
    when: fc.constantFrom("before-commit" as const, "after-commit" as const),
  }),
  fc.constantFrom({ kind: "half-open" as const }, { kind: "goaway" as const }),
  spanMs.map((eventDelayMs) => ({ kind: "slow-watch" as const, eventDelayMs })),
  fc.record({ kind: fc.constant("stalled-watch" as const), afterMs: spanMs, forMs: spanMs }),
);
const someTexts = fc.array(fc.stringMatching(/^[a-z:]{1,8}\*?$/), { minLength: 1, maxLength: 3 });
const anyMatch = fc
  .record(
    {
      verbs: fc.array(fc.constantFrom(...Object.keys(apiVerbs)), { minLength: 1 }),
      resources: someTexts,
      subresources: fc.oneof(someTexts, fc.constant([""])),
      users: someTexts,
      namespaces: someTexts,
    },
    { requiredKeys: [] },
  )
  .filter((match) => Object.keys(match).length > 0);
const anyRule: fc.Arbitrary<FaultRule> = fc.oneof(
  fc.record(
    { match: anyMatch, share: fc.integer({ min: 1, max: 1000 }).map((n) => n / 1000), fault: anyFault },
    { requiredKeys: ["fault"] },
  ),
  fc.record({ every: fc.integer({ min: 1, max: 1000 }), fault: anyFault }),
  fc
    .integer({ min: -100_000, max: 100_000 })
    .map((offsetMs) => ({ fault: { kind: "clock-offset" as const, offsetMs } })),
);
