import { availableParallelism } from "node:os";
import type { RunFlags } from "./flags.ts";

/** One worker thread per core that the driver and the control plane leave: at least one. */
export function withDefaultThreads(flags: RunFlags): RunFlags {
  if (flags.threads !== undefined) return flags;
  return { ...flags, threads: String(Math.max(1, Math.floor(availableParallelism() / 2))) };
}
