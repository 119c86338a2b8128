import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { PeerCost } from "./lease-cost-result.ts";

/** A peer's process. It lives through all pairs of a comparison, so that its code is compiled once. */
export interface Peer {
  /** One measured window, after `warmUpSeconds` of the same load. */
  measure(warmUpSeconds: number, seconds: number): Promise<PeerCost>;
  /** Resolves when the process has ended. */
  end(): Promise<void>;
}

/** Starts a peer; its stderr is ours. */
export function startPeer(command: string, args: readonly string[]): Peer {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const stop = (): void => void child.kill();
  process.once("exit", stop);
  const exited = once(child, "exit");
  // A command that cannot be started is told by the first measure.
  exited.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async measure(warmUpSeconds, seconds) {
      child.stdin.write(`${warmUpSeconds} ${seconds}\n`);
      const { value } = await lines.next();
      if (value === undefined) throw new Error(`${command} ended: ${await exitText(exited)}`);
      return JSON.parse(value) as PeerCost;
    },
    async end() {
      child.stdin.end();
      await exited;
      process.off("exit", stop);
    },
  };
}

async function exitText(exited: Promise<unknown[]>): Promise<string> {
  const [code, signal] = (await exited) as [number | null, string | null];
  return signal ?? `exit code ${code}`;
}
