import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAssets } from "../support/assets.ts";
import { knownDifferences } from "./differences.ts";
import { differences, differenceText } from "./harness/compare.ts";
import type { Encoding, Transcript } from "./harness/conformance-case.ts";
import { startEmbeddedTarget } from "./harness/embedded-target.ts";
import { DifferenceTable, type KnownDifference, withoutKnown } from "./harness/known-differences.ts";
import { startLocalTarget } from "./harness/local-target.ts";
import { digestOf, readDigests, writeDigests } from "./harness/recording.ts";
import { runCase } from "./harness/run-case.ts";
import { type Connections, createConnections, type ServerTarget } from "./harness/server-target.ts";
import { otherNamespaces, randomSequence } from "./random/random-sequence.ts";

const operations = 2000;
const seeds: readonly { readonly seed: number; readonly encoding: Encoding }[] = [
  { seed: 1, encoding: "json" },
  { seed: 2, encoding: "protobuf" },
  { seed: 3, encoding: "json" },
];
const recording = process.env["HOLLOW_RECORD"] === "1";
const caseName = "random";
const known: readonly KnownDifference[] = knownDifferences.filter(({ cases }) => cases.test(caseName));
/** A difference makes others: the first ones tell. */
const shown = 20;

interface Server {
  readonly target: ServerTarget;
  readonly connections: Connections;
}

async function up(start: () => Promise<ServerTarget>): Promise<Server> {
  const target = await start();
  return { target, connections: createConnections(target) };
}

async function down(server: Server | undefined): Promise<void> {
  server?.connections.close();
  await server?.target.stop();
}

function play({ connections }: Server, seed: number, encoding: Encoding): Promise<Transcript> {
  const namespace = `random-${seed}`;
  const sequence = { name: `seed ${seed}`, steps: randomSequence(seed, operations) };
  const others = otherNamespaces.map((name) => `${namespace}-${name}`);
  return runCase(connections, sequence, encoding, namespace, others);
}

describe("random sequences", () => {
  it("are the same for the same seed, and different for another", () => {
    expect(randomSequence(1, 100)).toEqual(randomSequence(1, 100));
    expect(randomSequence(1, 100)).not.toEqual(randomSequence(2, 100));
  });

  describe("played on both servers", () => {
    let local: Server | undefined;
    let embedded: Server | undefined;
    const table = new DifferenceTable(known);

    beforeAll(async () => {
      embedded = await up(startEmbeddedTarget);
      if (!noAssets) local = await up(startLocalTarget);
    });

    afterAll(async () => {
      await down(local);
      await down(embedded);
    });

    it.skipIf(noAssets).each(seeds)(
      "seed $seed ($encoding): all answers and the final state are the same",
      async (run) => {
        if (local === undefined || embedded === undefined) throw new Error("the servers are not up");
        const expected = await play(local, run.seed, run.encoding);
        if (recording) writeDigests(run.seed, digestsOf(expected));
        const actual = await play(embedded, run.seed, run.encoding);
        const found = table.unknown(caseName, differences(expected, actual));
        const request = (path: string): unknown => expected[Number(path.split(".")[0])]?.["request"];
        expect(found.slice(0, shown).map((each) => `${request(each.path)} ${differenceText(each)}`)).toEqual([]);
        expect(readDigests(run.seed)).toEqual(digestsOf(expected));
      },
    );

    it.skipIf(!noAssets).each(seeds)("seed $seed ($encoding): all answers are those recorded", async (run) => {
      if (embedded === undefined) throw new Error("the server is not up");
      const actual = await play(embedded, run.seed, run.encoding);
      expect(digestsOf(actual)).toEqual(readDigests(run.seed));
    });

    it.skipIf(noAssets)("differ wherever the table says so", () => {
      const own = table.unused().filter(({ cases }) => !cases.test("any other"));
      expect(own.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([]);
    });
  });
});

/** What was answered to each step, in a few letters: enough to tell where two servers part. */
function digestsOf(transcript: Transcript): string[] {
  return transcript.map((record, index) => digestOf(withoutKnown(record, caseName, known, String(index))));
}
