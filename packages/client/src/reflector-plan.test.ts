import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ClientError, type ClientErrorCode, clientErrorCodes } from "./client-error.ts";
import { beginStep, nextStep, type ReflectorFacts, type ReflectorStep, type StepEnding } from "./reflector-plan.ts";

const facts: ReflectorFacts = { watchList: true, resourceVersion: "7", unavailable: false };

function failed(code: ClientErrorCode, brief = false): StepEnding {
  const causes = code === "server-timeout" ? { causes: ["metadata.resourceVersion: Too large resource version"] } : {};
  const status = { httpStatus: 0, reason: "", message: "", ...causes };
  return { t: "failed", error: new ClientError(code, "", { outcome: "failed", status }), brief };
}

const closed: StepEnding = { t: "closed", brief: false };
const brief: StepEnding = { t: "closed", brief: true };

describe("a reflector begins", () => {
  it.each([
    [{ watchList: true, resourceVersion: "", unavailable: false }, "watch-list", ""],
    [{ watchList: true, resourceVersion: "7", unavailable: false }, "watch-list", "7"],
    [{ watchList: true, resourceVersion: "7", unavailable: true }, "watch-list", ""],
    [{ watchList: false, resourceVersion: "", unavailable: false }, "list", "0"],
    [{ watchList: false, resourceVersion: "7", unavailable: false }, "list", "7"],
    [{ watchList: false, resourceVersion: "7", unavailable: true }, "list", ""],
  ] as const)("with %o by %s from '%s'", (given, t, resourceVersion) => {
    expect(beginStep(given)).toEqual({ t, resourceVersion });
  });
});

describe("after", () => {
  it.each([
    ["watch-list", closed, "watch-list", "7", false],
    ["watch-list", brief, "list", "7", false],
    ["watch-list", failed("connect-failed"), "watch-list", "7", true],
    ["watch-list", failed("too-many-requests"), "watch-list", "7", true],
    ["watch-list", failed("expired"), "watch-list", "", false],
    ["watch-list", failed("server-timeout"), "watch-list", "", false],
    ["watch-list", failed("invalid"), "list", "7", false],
    ["watch-list", failed("forbidden"), "list", "7", false],
    ["list", { t: "listed" }, "watch", "7", false],
    ["list", failed("expired"), "list", "", false],
    ["list", failed("forbidden"), "watch-list", "7", true],
    ["list", failed("connect-failed"), "watch-list", "7", true],
    ["watch", closed, "watch", "7", false],
    ["watch", brief, "watch-list", "7", true],
    ["watch", failed("reset"), "watch", "7", false],
    ["watch", failed("reset", true), "watch-list", "7", true],
    ["watch", failed("connect-failed", true), "watch", "7", true],
    ["watch", failed("too-many-requests"), "watch", "7", true],
    ["watch", failed("expired"), "watch-list", "7", true],
    ["watch", failed("forbidden"), "watch-list", "7", true],
    ["watch", failed("server-error"), "watch-list", "7", true],
  ] as const)("%s that ended with %o comes %s from '%s', delayed: %s", (t, ending, next, resourceVersion, delayed) => {
    const result = nextStep(facts, { t, resourceVersion: "7" }, ending);
    expect({ ...result.step, delayed: result.delayed }).toEqual({ t: next, resourceVersion, delayed });
  });

  it("a refusal of WatchList for good it is never asked for again, and after another failure it is", () => {
    const step: ReflectorStep = { t: "watch-list", resourceVersion: "" };
    expect(nextStep(facts, step, failed("invalid")).facts.watchList).toBe(false);
    expect(nextStep(facts, step, failed("forbidden")).facts.watchList).toBe(true);
  });

  it("a list that expired even from etcd it waits", () => {
    const next = nextStep({ ...facts, unavailable: true }, { t: "list", resourceVersion: "" }, failed("expired"));
    expect(next).toMatchObject({ delayed: true });
  });
});

it("never loops without a delay, however the server answers", () => {
  const ending = fc.oneof(
    fc.constantFrom(...clientErrorCodes).map((code) => failed(code, true)),
    fc.constant(brief),
  );
  fc.assert(
    fc.property(fc.array(ending, { minLength: 5, maxLength: 5 }), fc.boolean(), (endings, watchList) => {
      let now: ReflectorFacts = { ...facts, watchList };
      let step = beginStep(now);
      const delays = endings.map((each) => {
        // A list is never closed; it is answered or fails.
        const fitting = step.t === "list" && each.t === "closed" ? failed("server-error") : each;
        const next = nextStep(now, step, fitting);
        now = next.facts;
        step = next.step;
        return next.delayed;
      });
      expect(delays).toContain(true);
    }),
  );
});
