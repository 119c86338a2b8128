import { lineLogger } from "@hollowfleet/core";
import { builtinScenarios, holdUp } from "@hollowfleet/driver";
import { exitCodeOf } from "@hollowfleet/metrics";
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

/** `hollow up`: control plane and nodes until Ctrl-C, for kubectl and whatever else wants a cluster. */
export async function up(flags: RunFlags, output: Output, argv: readonly string[]): Promise<number> {
  const steady = builtinScenarios.find((scenario) => scenario.name === "steady");
  if (steady === undefined) throw new CliError("usage", "scenario steady is missing");
  const scenario = scenarioFromFlags(steady.create(), withDefaultThreads(flags), readNodeTemplate(flags.nodeTemplate));
  const display = new LiveDisplay(output, flags.quiet === true);
  const target = await targetChoice(flags, undefined, (what) => display.starting(what));
  if (flags.target === "auto" && target.kind === "embedded") output.note(embeddedHint);
  let ready = false;
  const interrupt = listenForInterrupt(() => {
    display.clear();
    output.note("stopping; once more to stop at once");
  });
  try {
    await holdUp({
      scenario,
      target,
      logger: lineLogger("warn", (line) => {
        display.clear();
        output.note(line);
      }),
      flags: argv,
      version: version(),
      onProgress: (progress) => {
        if (!ready) display.show(progress);
      },
      onReady: ({ kubeconfigPath, nodes }) => {
        ready = true;
        display.clear();
        output.note(`${nodes} hollow nodes are Ready, until Ctrl-C. Use them with`);
        output.note(`  export KUBECONFIG=${kubeconfigPath}`);
        // The path alone on stdout, for scripts.
        output.result(kubeconfigPath);
      },
      signal: interrupt.signal,
    });
    // Ctrl-C is how this command is meant to end; before the nodes were Ready it is an interruption.
    return ready ? 0 : exitCodeOf("interrupted");
  } finally {
    display.clear();
    interrupt.dispose();
  }
}
