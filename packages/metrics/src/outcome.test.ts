import { describe, expect, it } from "vitest";
import { combinedStatus, exitCodeOf, outcomeOf, outcomes } from "./outcome.ts";

describe("outcomeOf", () => {
  const ending = { interrupted: false, valid: true, verdicts: ["passed", "no-data"] } as const;

  it.each([
    [{}, "passed", 0],
    [{ verdicts: ["passed", "failed"] }, "failed", 4],
    [{ verdicts: ["not-judgeable", "passed"] }, "failed", 4],
    [{ valid: false, verdicts: ["failed"] }, "invalid", 5],
    [{ interrupted: true, valid: false, verdicts: ["failed"] }, "interrupted", 130],
  ] as const)("of %j is %s with exit code %i", (over, outcome, exitCode) => {
    expect(outcomeOf({ ...ending, ...over })).toBe(outcome);
    expect(exitCodeOf(outcome)).toBe(exitCode);
  });

  it("has an exit code of its own for each", () => {
    const codes = Object.values(outcomes).map((outcome) => outcome.exitCode);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe("combinedStatus", () => {
  it("passes only where something passed and nothing did not", () => {
    expect(combinedStatus([])).toBe("no-data");
    expect(combinedStatus(["no-data", "passed"])).toBe("passed");
    expect(combinedStatus(["passed", "not-judgeable"])).toBe("not-judgeable");
    expect(combinedStatus(["not-judgeable", "failed", "passed"])).toBe("failed");
  });
});
