import { stripVTControlCharacters } from "node:util";
import type { RunResult } from "@hollowfleet/metrics";
import { describe, expect, it } from "vitest";
import { runResult } from "../testing/run-result.ts";
import { renderTerminal } from "./terminal.ts";

const path = "out/run.json";

const passed = runResult();
const failed: RunResult = { ...runResult({ failingShare: 0.05, neverReady: 12 }), outcome: "failed", exitCode: 4 };
const invalid: RunResult = {
  ...runResult({
    figures: {
      lagP99Us: 240_000,
      threads: [{ name: "shard-0", busyMax10s: 0.97 }],
      deadWorkers: [{ name: "shard-1", cause: "ran out of heap (512 MiB) while registering nodes" }],
      runQueueWaitShare: 0.31,
    },
  }),
  outcome: "invalid",
  exitCode: 5,
};
const interrupted: RunResult = {
  ...runResult({ scale: 0.1 }),
  outcome: "interrupted",
  exitCode: 130,
  message: "SIGINT after 2m 03s",
  phases: [{ name: "register nodes", startMs: 6100, endMs: 123_000, ended: "interrupted", counts: { nodes: 418 } }],
  cleanup: { state: "left-over", left: [{ resource: "nodes", count: 418 }] },
};
const unreachable: RunResult = {
  ...runResult({ scale: 0 }),
  outcome: "unreachable",
  exitCode: 3,
  message: "connect ECONNREFUSED 127.0.0.1:6443",
};

describe("the terminal report", () => {
  it.each(Object.entries({ passed, failed, invalid, interrupted, unreachable }))(
    "of a run that %s",
    async (name, result) => {
      await expect(renderTerminal(result, { path })).toMatchFileSnapshot(`./snapshots/${name}.txt`);
    },
  );

  it.each([40, 80, 120])("fits into %i columns", (width) => {
    for (const result of [passed, failed, invalid, interrupted, unreachable]) {
      for (const line of renderTerminal(result, { path, width }).split("\n"))
        expect(line.length).toBeLessThanOrEqual(Math.max(80, width));
    }
  });

  it("says the same in colour", () => {
    const coloured = renderTerminal(failed, { path, colour: true });
    expect(coloured).toContain("\u001b[31mFAILED\u001b[39m");
    expect(stripVTControlCharacters(coloured)).toBe(renderTerminal(failed, { path }));
  });

  it("calls a run without any verdict neither passed nor failed", () => {
    const small = { ...passed, verdicts: { ...passed.verdicts, podStartup: {} } };
    const official = { ...small.verdicts.official, status: "no-data", rows: [] } as const;
    const clientSide = { status: "no-data", rows: [] } as const;
    const text = renderTerminal({ ...small, verdicts: { official, clientSide, podStartup: {} } });
    expect(text).toMatch(/^NOT JUDGED {2}density/);
    expect(text).not.toContain("PASSED");
  });

  it("tells refusals, and that they leave a row unclear", () => {
    const [first, ...rest] = passed.verdicts.official.rows;
    const rows = [{ ...first!, status: "not-judgeable", outside: 900 } as const, ...rest];
    const outside = { rejected: 890, terminated: 10, serverErrors: 0, flowControlRejected: 890 };
    const official = {
      ...passed.verdicts.official,
      status: "not-judgeable",
      rows,
      outside,
      outsideShare: 0.021,
    } as const;
    const text = renderTerminal({ ...passed, outcome: "failed", verdicts: { ...passed.verdicts, official } });
    expect(text).toContain("the server refused too many requests");
    expect(text).toMatch(/1 unclear \(PATCH pods\/status\)/);
    expect(text).toContain("890 rejected (429), 10 terminated");
  });

  it("says that an embedded target is no real control plane", () => {
    const target = { kind: "embedded", real: false } as const;
    expect(renderTerminal({ ...passed, manifest: { ...passed.manifest, target } })).toContain(
      "embedded: not a real control plane",
    );
  });
});
