import { setTimeout as sleep } from "node:timers/promises";

const runMs = 150;
const stopMs = 350;

/** Gives a process the CPU for three tenths of the time only, in turns, as a machine does that has too many of them. */
export async function starve(pid: number, forMs: number): Promise<void> {
  const endMs = Date.now() + forMs;
  while (Date.now() < endMs) {
    process.kill(pid, "SIGSTOP");
    await sleep(stopMs);
    process.kill(pid, "SIGCONT");
    await sleep(runMs);
  }
}
