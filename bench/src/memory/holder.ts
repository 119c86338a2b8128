import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { spreadOf } from "../shared/statistics.ts";
import { entryPath } from "../shared/workspace.ts";
import type { HolderAnswer, HolderRequest } from "./holder-protocol.ts";
import type { HolderPlan } from "./part.ts";

/** A process and how much memory is its own, at one number of nodes. */
export interface MemoryReading {
  readonly nodes: number;
  /** Held at the moment of the reading; fewer than `nodes` makes the reading worthless. */
  readonly held: number;
  readonly pssBytes: number;
  /** JavaScript objects. */
  readonly heapUsedBytes: number;
  /** Buffers outside the JavaScript heap: bodies, and what the network read. */
  readonly arrayBufferBytes: number;
}

/** Between two collections, in which renewals and bookmarks leave garbage behind. */
const betweenReadingsMs = 500;
const readingsPerLevel = 3;

/** Measures one part in a process of its own at each of the levels. */
export async function measureLevels(
  plan: HolderPlan,
  levels: readonly number[],
  settleMs: number,
  onReading: (reading: MemoryReading) => void,
): Promise<MemoryReading[]> {
  const child = fork(entryPath("memory-holder.js"), { execArgv: ["--expose-gc"] });
  const stop = (): void => void child.kill("SIGKILL");
  process.once("exit", stop);
  try {
    await ask(child, { type: "begin", plan });
    const readings: MemoryReading[] = [];
    for (const nodes of levels) {
      await ask(child, { type: "grow", count: nodes });
      await sleep(settleMs);
      const reading = await readLevel(child, nodes);
      readings.push(reading);
      onReading(reading);
    }
    await Promise.all([ask(child, { type: "end" }), once(child, "exit")]);
    return readings;
  } finally {
    process.off("exit", stop);
    stop();
  }
}

/** The middle of three readings, each right after a collection. */
async function readLevel(child: ChildProcess, nodes: number): Promise<MemoryReading> {
  const pss: number[] = [];
  for (let round = 0; ; round++) {
    const { held, heapUsedBytes, arrayBufferBytes } = await ask(child, { type: "collect" });
    pss.push(pssBytes(child.pid ?? 0));
    if (round + 1 === readingsPerLevel)
      return { nodes, held, pssBytes: spreadOf(pss).median, heapUsedBytes, arrayBufferBytes };
    await sleep(betweenReadingsMs);
  }
}

async function ask(child: ChildProcess, request: HolderRequest): Promise<HolderAnswer & { type: "done" }> {
  const answered = new AbortController();
  const { signal } = answered;
  try {
    child.send(request);
    const died = once(child, "exit", { signal }).then(([code, killedBy]) => {
      throw new Error(`the measured process ended with ${killedBy ?? `exit code ${code}`}`);
    });
    // Once there is an answer, nobody waits for its death any more.
    died.catch(() => undefined);
    const [answer] = (await Promise.race([once(child, "message", { signal }), died])) as [HolderAnswer];
    if (answer.type === "failed") throw new Error(answer.message);
    return answer;
  } finally {
    answered.abort();
  }
}

/** Proportional set size: pages that it shares with n processes count as 1/n (proc_pid_smaps(5)). */
function pssBytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const kib = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1];
  if (kib === undefined) throw new Error("/proc has no Pss for the measured process");
  return Number(kib) * 1024;
}
