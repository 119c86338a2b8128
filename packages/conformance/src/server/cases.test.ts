import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAssets } from "../support/assets.ts";
import { caseGroups } from "./cases/index.ts";
import { knownDifferences } from "./differences.ts";
import { differences, differenceText } from "./harness/compare.ts";
import type { ConformanceCase, Encoding } from "./harness/conformance-case.ts";
import { startEmbeddedTarget } from "./harness/embedded-target.ts";
import { DifferenceTable } from "./harness/known-differences.ts";
import { startLocalTarget } from "./harness/local-target.ts";
import { type Recorded, readRecorded, writeRecorded } from "./harness/recording.ts";
import { runCase } from "./harness/run-case.ts";
import { type Connections, createConnections, type ServerTarget } from "./harness/server-target.ts";

/** With HOLLOW_RECORD=1 the real server's answers are written down instead of compared. */
const recording = process.env["HOLLOW_RECORD"] === "1";

interface Run {
  readonly group: string;
  readonly title: string;
  readonly encoding: Encoding;
  readonly conformanceCase: ConformanceCase;
  readonly namespace: string;
}

const bothEncodings: readonly Encoding[] = ["json", "protobuf"];
const runs: readonly Run[] = Object.entries(caseGroups).flatMap(([group, cases]) =>
  cases.flatMap((conformanceCase, index) =>
    (conformanceCase.encodings ?? bothEncodings).map((encoding) => ({
      group,
      encoding,
      conformanceCase,
      title: `${conformanceCase.name} (${encoding})`,
      namespace: `case-${group}-${index}-${encoding}`,
    })),
  ),
);
const recorded = new Map<string, Recorded>(Object.keys(caseGroups).map((group) => [group, readRecorded(group)]));

function recordedTranscript({ group, conformanceCase, encoding }: Run) {
  const transcript = recorded.get(group)?.get(conformanceCase.name)?.[encoding];
  if (transcript === undefined) throw new Error("not recorded: run this file with HOLLOW_RECORD=1 and the assets");
  return transcript;
}

describe("the cases", () => {
  it("have names of their own, and are as many as promised", () => {
    const names = Object.values(caseGroups).flatMap((cases) => cases.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(100);
  });

  it.skipIf(recording)("are recorded, and nothing else is", () => {
    const cased = Object.entries(caseGroups).flatMap(([group, cases]) => cases.map(({ name }) => `${group}/${name}`));
    const found = [...recorded].flatMap(([group, lines]) => [...lines.keys()].map((name) => `${group}/${name}`));
    expect(found.sort()).toEqual(cased.sort());
  });
});

describe.skipIf(noAssets)("the real API server", () => {
  const { connections, stop } = serverFor(startLocalTarget);
  const fresh = new Map<string, Recorded>();

  afterAll(async () => {
    await stop();
    if (recording) for (const [group, lines] of fresh) writeRecorded(group, lines);
  });

  it.each(runs)("answers as recorded: $title", async (run) => {
    const transcript = await runCase(connections(), run.conformanceCase, run.encoding, run.namespace);
    if (!recording) return expect(differences(recordedTranscript(run), transcript).map(differenceText)).toEqual([]);
    const lines = fresh.get(run.group) ?? new Map();
    fresh.set(run.group, lines);
    lines.set(run.conformanceCase.name, { ...lines.get(run.conformanceCase.name), [run.encoding]: transcript });
  });
});

describe.skipIf(recording)("the embedded API server", () => {
  const { connections, stop } = serverFor(startEmbeddedTarget);
  const table = new DifferenceTable(
    knownDifferences.filter(({ cases }) => runs.some(({ conformanceCase }) => cases.test(conformanceCase.name))),
  );
  let played = 0;

  afterAll(stop);

  it.each(runs)("answers as the real one: $title", async (run) => {
    const transcript = await runCase(connections(), run.conformanceCase, run.encoding, run.namespace);
    const found = differences(recordedTranscript(run), transcript);
    played += 1;
    expect(table.unknown(run.conformanceCase.name, found).map(differenceText)).toEqual([]);
  });

  it("differs wherever the table says so", ({ skip }) => {
    if (played < runs.length) skip("not every case was played");
    expect(table.unused().map(({ cases, path, reason }) => `${cases} ${path}: ${reason}`)).toEqual([]);
  });
});

/** A server that runs while the tests of one block do. */
function serverFor(start: () => Promise<ServerTarget>): { connections(): Connections; stop(): Promise<void> } {
  let target: ServerTarget | undefined;
  let connections: Connections | undefined;
  beforeAll(async () => {
    target = await start();
    connections = createConnections(target);
  });
  return {
    connections() {
      if (connections === undefined) throw new Error("the server is not up");
      return connections;
    },
    async stop() {
      connections?.close();
      await target?.stop();
    },
  };
}
