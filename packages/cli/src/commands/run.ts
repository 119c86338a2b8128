import { accessSync, constants, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorText, lineLogger } from "@hollowfleet/core";
import { type BuiltinScenario, builtinScenarios, runScenario } from "@hollowfleet/driver";
import type { RunResult } from "@hollowfleet/metrics";
import { renderJson, renderTerminal } from "@hollowfleet/report";
import { CliError } from "../cli-error.ts";
import { withDefaultThreads } from "../default-threads.ts";
import { LiveDisplay } from "../display/live-display.ts";
import type { RunFlags } from "../flags.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { readNodeTemplate } from "../node-template.ts";
import type { Output } from "../output.ts";
import { scenarioFromFlags } from "../scenario-from-flags.ts";
import { embeddedHint, targetChoice } from "../target-choice.ts";
import { version } from "../version.ts";

/** `hollow run [scenario]`: one experiment, a result folder, and a verdict as exit code. */
export async function run(name: string, flags: RunFlags, output: Output, argv: readonly string[]): Promise<number> {
  const builtin = scenarioByName(name);
  const scenario = scenarioFromFlags(builtin.create(), withDefaultThreads(flags), readNodeTemplate(flags.nodeTemplate));
  const outDir = resultFolder(flags.out, builtin.name);
  const display = new LiveDisplay(output, flags.quiet === true);
  const target = await targetChoice(flags, outDir, (what) => display.starting(what));
  if (flags.target === "auto" && target.kind === "embedded") output.note(embeddedHint);
  const interrupt = listenForInterrupt(() => {
    display.clear();
    output.note("stopping in good order; once more to stop at once");
  });
  try {
    const result = await runScenario({
      scenario,
      target,
      logger: lineLogger("warn", (line) => {
        display.clear();
        output.note(line);
      }),
      flags: argv,
      version: version(),
      onProgress: (progress) => display.show(progress),
      signal: interrupt.signal,
    });
    display.clear();
    printResult(result, writeResult(outDir, result), flags.json === true, output);
    return result.exitCode;
  } finally {
    display.clear();
    interrupt.dispose();
  }
}

function scenarioByName(name: string): BuiltinScenario {
  const found = builtinScenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  throw new CliError("usage", `there is no scenario "${name}"`, {
    remedy: `Use one of ${builtinScenarios.map((scenario) => scenario.name).join(", ")}.`,
  });
}

/** Made before anything starts: a run of twenty minutes must not end in a folder that cannot be written. */
function resultFolder(out: string | undefined, scenario: string): string {
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  const dir = out ?? join("hollowfleet-runs", `${stamp}-${scenario}`);
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
  } catch (cause) {
    throw new CliError("usage", `--out: the result folder ${dir} cannot be written`, {
      cause,
      remedy: "Give a folder that you may write to.",
    });
  }
  return dir;
}

/** Writes run.json whole or not at all; what keeps it from being written is no reason to lose the result. */
function writeResult(dir: string, result: RunResult): WrittenResult {
  const path = join(dir, "run.json");
  try {
    writeFileSync(`${path}.part`, renderJson(result));
    renameSync(`${path}.part`, path);
    return { path };
  } catch (cause) {
    rmSync(`${path}.part`, { force: true });
    return { path, fault: errorText(cause) };
  }
}

interface WrittenResult {
  readonly path: string;
  /** Why it is not there. */
  readonly fault?: string;
}

/** The report goes to stdout, or the result as JSON: on demand, and when there is no file to keep it. */
function printResult(result: RunResult, written: WrittenResult, json: boolean, output: Output): void {
  const { path, fault } = written;
  if (fault !== undefined) output.note(`hollow: ${path} cannot be written: ${fault}`);
  const report = (color: boolean): string => renderTerminal(result, { colour: color, path }).trimEnd();
  if (fault === undefined) {
    output.result(json ? renderJson(result).trimEnd() : report(output.color));
    return;
  }
  if (!json) output.note(`${report(false)}\nThe result itself follows on stdout.`);
  output.result(renderJson(result).trimEnd());
}
