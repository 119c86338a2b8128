import { availableParallelism } from "node:os";
import type { RunFlags } from "../flags.ts";
import type { Output } from "../output.ts";
import { targetChoice } from "../target-choice.ts";
import { run } from "./run.ts";

/** What two cores carry in about a minute and a half with a real control plane (bench/README.md, "Calibration"). */
const localSize = { nodes: "50", podsPerNode: "4", duration: "30s" };

/** `hollow` without arguments: a short density run on what this machine has, and what to do next. */
export async function quickstart(output: Output): Promise<number> {
  const base: RunFlags = { target: "auto" };
  const { kind } = await targetChoice(base);
  output.note("Hollowfleet: a short density run. Ctrl-C ends it; --help shows what else there is.");
  const exitCode =
    kind === "local"
      ? await run("density", { ...base, ...localSize }, output, [])
      : await run("quick", { ...base, ...(availableParallelism() < 2 && { nodes: "100" }) }, output, []);
  output.note("");
  output.note(`Next: ${kind === "local" ? nextOnLocal : nextOnEmbedded}`);
  return exitCode;
}

const nextOnLocal =
  "npm start -- run density --nodes 1000 --pods-per-node 10, or your own cluster with --kubeconfig FILE --context NAME.";
const nextOnEmbedded =
  "npm start -- assets install for a real control plane on this machine, or your own cluster with " +
  "run --kubeconfig FILE --context NAME.";
