import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { PeerCost } from "./lease-cost-result.ts";

/** Runs a peer to its end and reads the line that it prints. Its stderr is ours. */
export async function runPeer(command: string, args: readonly string[]): Promise<PeerCost> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const stop = (): void => void child.kill();
  process.once("exit", stop);
  try {
    const [printed, [code, signal]] = await Promise.all([text(child.stdout), once(child, "close")]);
    if (code !== 0) throw new Error(`${command} ended with ${signal ?? `exit code ${code}`}`);
    return JSON.parse(printed.trim()) as PeerCost;
  } finally {
    process.off("exit", stop);
  }
}
