import { availableParallelism } from "node:os";
import { exitCodeOf } from "@hollowfleet/metrics";
import { CliError } from "../cli-error.ts";
import { checkMachine } from "../machine-check.ts";
import { readMachineFacts } from "../machine-facts.ts";
import type { Output } from "../output.ts";

/** `hollow doctor`: what is missing on this machine, each with the command that mends it. */
export async function doctor(
  flags: { readonly assets?: string; readonly nodes: string },
  output: Output,
): Promise<number> {
  const nodes = Number(flags.nodes);
  if (!Number.isInteger(nodes) || nodes < 0) {
    throw new CliError("usage", `--nodes: "${flags.nodes}" is no number of nodes`, { remedy: "Give a whole number." });
  }
  const checks = checkMachine(await readMachineFacts(flags.assets), nodes);
  for (const { name, ok, finding, remedy } of checks) {
    output.result(`${ok ? "ok  " : "MISS"} ${name.padEnd(8)} ${finding}`);
    if (!ok && remedy !== undefined) output.result(`              ${remedy}`);
  }
  output.result(`     cores    ${availableParallelism()}`);
  return checks.every((check) => check.ok) ? 0 : exitCodeOf("bad-configuration");
}
