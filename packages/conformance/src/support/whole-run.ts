import { type RunResult, validateRunResult } from "@hollowfleet/metrics";
import { expect } from "vitest";
import { type Ended, readResult } from "./hollow.ts";

/**
 * What holds for every whole run, however busy the machine: it went through to its end, it is told as what it was, and
 * nothing is left. A full machine may make it slow, and then it is failed or invalid for lag, never for anything lost.
 */
export async function expectWholeRun(ended: Ended, out: string, nodes: number): Promise<RunResult> {
  const result = readResult(out);
  expect(await validateRunResult(result)).toEqual([]);
  expect(ended.code, ended.stderr).toBe(result.exitCode);
  expect(["passed", "failed", "invalid"]).toContain(result.outcome);
  for (const { code } of result.selfCheck.reasons) expect(code).toBe("lag");
  expect(result.message).toBeUndefined();
  expect(result.nodes).toMatchObject({ planned: nodes, registered: nodes, ready: nodes, notReadyOnceReady: 0 });
  expect(result.leases.lateOurs).toBe(0);
  expect(result.leases.seen).toBeGreaterThanOrEqual(0.95 * result.leases.due);
  expect(result.cleanup).toEqual({ state: "clean", left: [] });
  expect(result.phases.map(({ ended: how }) => how)).not.toContain("failed");
  return result;
}
