import { setTimeout as sleep } from "node:timers/promises";
import { type MarkedProcess, processesOfRun, startTicksOf } from "./process-table.ts";
import { stopOrder } from "./stop-order.ts";

const pollMs = 50;
/** A process that was forked but not yet executed has no mark: look again for this long. */
const quietMs = 300;
const maxLatePolls = 20;

/** Signals a process unless its id has become another's. */
function signal(target: MarkedProcess, name: NodeJS.Signals): void {
  if (startTicksOf(target.pid) !== target.startTicks) return;
  try {
    process.kill(target.pid, name);
  } catch {
    // It ended in between.
  }
}

async function gone(targets: readonly MarkedProcess[], withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    if (targets.every((target) => startTicksOf(target.pid) !== target.startTicks)) return true;
    if (waitedMs >= withinMs) return false;
    await sleep(pollMs);
  }
}

/** Ends every process of a run that is not ours to reap: TERM in the order of `stopOrder`, then KILL. */
export async function sweep(runId: string): Promise<void> {
  for (const { components, graceMs } of stopOrder) {
    const names: readonly string[] = components;
    const targets = processesOfRun(runId).filter((candidate) => names.includes(candidate.component));
    for (const target of targets) signal(target, "SIGTERM");
    if (await gone(targets, graceMs)) continue;
    for (const target of targets) signal(target, "SIGKILL");
    await gone(targets, 500);
  }
  for (let quietPolls = 0, polls = 0; quietPolls < quietMs / pollMs && polls < maxLatePolls; polls++) {
    const late = processesOfRun(runId);
    for (const target of late) signal(target, "SIGKILL");
    quietPolls = late.length > 0 ? 0 : quietPolls + 1;
    await sleep(pollMs);
  }
}
