import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "@hollowfleet/client";
import { type ControlPlane, startEmbedded } from "@hollowfleet/controlplane";
import { type Operation, operations } from "./server/operation.ts";
import { cpuBetween, planeCpu } from "./server/plane-cpu.ts";
import { type CostRow, type ServerCostResult, serverCostMarkdown } from "./server/server-cost-report.ts";
import { withAdmin, withControlPlane } from "./shared/control-plane.ts";
import { positive, readFlags } from "./shared/flags.ts";
import { describeMachine } from "./shared/machine.ts";
import { writeResults } from "./shared/results.ts";
import { runMain } from "./shared/run-main.ts";
import { spreadOf } from "./shared/statistics.ts";
import { resultsDir } from "./shared/workspace.ts";

const flags = {
  rate: { value: "150", help: "calls per second" },
  seconds: { value: "8", help: "measured window" },
  pairs: { value: "5", help: "alternating windows of each server" },
  objects: { value: "200", help: "objects that the calls go round" },
  out: { value: resultsDir, help: "folder for results" },
};

/** Compiled code and warm caches, before the first window. */
const warmUpSeconds = 10;
const idleSeconds = 3;

interface Load {
  readonly rate: number;
  readonly objects: number;
}

/** One server with one operation. */
interface Side {
  readonly plane: ControlPlane;
  readonly api: ApiClient;
  readonly operation: Operation;
  /** Server CPU per call in µs, of each window. */
  readonly costs: number[];
}

/** Which parts serve a request; scheduler and controllers only watch. */
const serving = new Set(["kube-apiserver", "etcd", "embedded"]);

async function main(): Promise<void> {
  const values = readFlags(flags, process.argv.slice(2));
  if (values === undefined) return;
  const load = { rate: positive("rate", values.rate), objects: positive("objects", values.objects) };
  const seconds = positive("seconds", values.seconds);
  const pairs = positive("pairs", values.pairs);
  const machine = describeMachine();
  const result = await withControlPlane({}, async (local): Promise<ServerCostResult> => {
    const embedded = await startEmbedded();
    try {
      return await withAdmin(local, (localApi) =>
        withAdmin(embedded, async (embeddedApi) => {
          const rows: CostRow[] = [];
          const [forLocal, forEmbedded] = [operations(), operations()];
          for (const [index, operation] of forLocal.entries()) {
            const other = forEmbedded[index] as Operation;
            const sides: Side[] = [
              { plane: embedded, api: embeddedApi, operation: other, costs: [] },
              { plane: local, api: localApi, operation, costs: [] },
            ];
            rows.push(await compare(sides, load, seconds, pairs));
          }
          const date = new Date().toISOString();
          return { bench: "server-cost", date, machine, kubernetes: local.version.gitVersion, ...load, seconds, rows };
        }),
      );
    } finally {
      await embedded.stop();
    }
  });
  writeResults(resolve(values.out), "server-cost", result, serverCostMarkdown(result));
  console.log(serverCostMarkdown(result));
}

async function compare(sides: readonly Side[], load: Load, seconds: number, pairs: number): Promise<CostRow> {
  for (const { api, operation } of sides) {
    await operation.prepare(api, load.objects);
    await run(api, operation, load, warmUpSeconds);
  }
  for (let pair = 0; pair < pairs; pair++) {
    const order = pair % 2 === 0 ? sides : [...sides].reverse();
    for (const side of order) side.costs.push(await costOf(side, load, seconds));
  }
  const [embedded, local] = sides.map(({ costs }) => costs) as [number[], number[]];
  return {
    operation: sides[0]?.operation.name ?? "",
    embeddedUs: spreadOf(embedded),
    realUs: spreadOf(local),
    ratio: spreadOf(embedded.map((cost, index) => cost / (local[index] ?? Number.NaN))),
  };
}

/** Server CPU per call: what a window used above what the server uses without calls. */
async function costOf({ plane, api, operation }: Side, load: Load, seconds: number): Promise<number> {
  const idle = await cpuDuring(plane, () => sleep(idleSeconds * 1000));
  let calls = 0;
  const busy = await cpuDuring(plane, async () => {
    calls = await run(api, operation, load, seconds);
  });
  return ((busy - (idle / idleSeconds) * seconds) * 1e6) / calls;
}

async function cpuDuring(plane: ControlPlane, what: () => Promise<unknown>): Promise<number> {
  const before = planeCpu(plane);
  await what();
  const used = cpuBetween(before, planeCpu(plane));
  return [...used].filter(([name]) => serving.has(name)).reduce((sum, [, cpuSeconds]) => sum + cpuSeconds, 0);
}

/** Open loop; resolves with the number of calls when the last has ended. A failed call ends the bench. */
async function run(api: ApiClient, operation: Operation, { rate, objects }: Load, seconds: number): Promise<number> {
  const startMs = performance.now();
  const calls: Promise<void>[] = [];
  for (let turn = 0; turn < rate * seconds; turn++) {
    const waitMs = startMs + (turn * 1000) / rate - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    const call = operation.call(api, turn % objects, turn);
    call.catch(() => undefined);
    calls.push(call);
  }
  await Promise.all(calls);
  return calls.length;
}

await runMain(main);
