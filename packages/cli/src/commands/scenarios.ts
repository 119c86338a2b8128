import { builtinScenarios } from "@hollowfleet/driver";
import { CliError } from "../cli-error.ts";
import type { Output } from "../output.ts";

/** `hollow scenarios`: what can be run, and with --show every field of one with its value. */
export function scenarios(flags: { readonly show?: string }, output: Output): number {
  if (flags.show === undefined) {
    for (const { name, summary } of builtinScenarios) output.result(`${name.padEnd(10)} ${summary}`);
    return 0;
  }
  const found = builtinScenarios.find((scenario) => scenario.name === flags.show);
  if (found === undefined) {
    throw new CliError("usage", `there is no scenario "${flags.show}"`, {
      remedy: `Use one of ${builtinScenarios.map((scenario) => scenario.name).join(", ")}.`,
    });
  }
  output.result(JSON.stringify(found.create(), null, 2));
  return 0;
}
