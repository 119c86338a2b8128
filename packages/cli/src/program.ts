import { exitCodeOf } from "@hollowfleet/metrics";
import { Command, CommanderError } from "commander";
import { explain } from "./exit-code.ts";
import { addClusterFlags, addRunFlags, addUpFlags, type RunFlags } from "./flags.ts";
import { cleanupEpilogue, programEpilogue, runEpilogue, upEpilogue } from "./help.ts";
import { type Output, processOutput } from "./output.ts";
import { version } from "./version.ts";

/** Runs one command line and gives its exit code. Commands are loaded when they are used. */
export async function main(argv: readonly string[], output: Output = processOutput): Promise<number> {
  let exitCode = 0;
  const done = (code: number): void => {
    exitCode = code;
  };
  const program = createProgram(argv, output, done);
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (thrown) {
    // Commander has told the user already; help and version are no errors.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : exitCodeOf("bad-configuration");
    const { text, exitCode: code } = explain(thrown);
    output.note(text);
    return code;
  }
}

function createProgram(argv: readonly string[], output: Output, done: (exitCode: number) => void): Command {
  const program = new Command("hollow")
    .description("Hollow-node scale simulator for Kubernetes")
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.result(text.trimEnd()),
      writeErr: (text) => output.note(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, "hollow: ")),
    })
    .showHelpAfterError("Add --help to see what there is.")
    .showSuggestionAfterError()
    .addHelpText("after", programEpilogue);

  addRunFlags(program.command("run").argument("[scenario]", "see hollow scenarios", "density"))
    .description("run a scenario, print the verdict, and exit by it")
    .addHelpText("after", runEpilogue)
    .action(async (scenario: string, flags: RunFlags) => {
      const { run } = await import("./commands/run.ts");
      done(await run(scenario, flags, output, argv));
    });

  addUpFlags(program.command("up"))
    .description("control plane and hollow nodes until Ctrl-C")
    .addHelpText("after", upEpilogue)
    .action(async (flags: RunFlags) => {
      const { up } = await import("./commands/up.ts");
      done(await up(flags, output, argv));
    });

  addAssets(program, output, done);

  program
    .command("scenarios")
    .description("what can be run")
    .option("--show <name>", "print every field of one scenario with its value")
    .action(async (flags: { show?: string }) => {
      const { scenarios } = await import("./commands/scenarios.ts");
      done(scenarios(flags, output));
    });

  program
    .command("doctor")
    .description("what this machine lacks, and what mends it")
    .option("--assets <dir>", "folder with the control-plane binaries")
    .option("--nodes <count>", "hollow nodes to check for", "1000")
    .action(async (flags: { assets?: string; nodes: string }) => {
      const { doctor } = await import("./commands/doctor.ts");
      done(await doctor(flags, output));
    });

  addClusterFlags(program.command("cleanup").argument("[run]", "a run's id (default: the objects of every run)"))
    .description("remove what runs left behind in a cluster")
    .addHelpText("after", cleanupEpilogue)
    .action(async (runId: string | undefined, flags: RunFlags) => {
      const { cleanup } = await import("./commands/cleanup.ts");
      done(await cleanup(runId, flags, output));
    });

  // Last: commands inherit what is set before them, and none of theirs takes more words than it names.
  return program.allowExcessArguments().action(async () => {
    const [word] = program.args;
    if (word !== undefined) program.error(`error: unknown command '${word}'`, { code: "commander.unknownCommand" });
    const { quickstart } = await import("./commands/quickstart.ts");
    done(await quickstart(output));
  });
}

function addAssets(program: Command, output: Output, done: (exitCode: number) => void): void {
  const assets = program.command("assets").description("the control-plane binaries that --target local runs");
  assets
    .command("install")
    .description("put etcd, the Kubernetes components and kubectl into the cache")
    .option(
      "--from <source>",
      "auto, download (official releases, checksums verified) or go (built from Go modules)",
      "auto",
    )
    .option("--k8s-version <version>", "e.g. 1.36.3")
    .option("--mirror <url>", "download from this address instead of the official one")
    .action(async (flags: { from: string; k8sVersion?: string; mirror?: string }) => {
      const { installAssetsCommand } = await import("./commands/assets.ts");
      done(await installAssetsCommand(flags, output));
    });
  assets
    .command("list")
    .description("what is in the cache")
    .option("--verify", "compute every checksum anew")
    .action(async (flags: { verify?: boolean }) => {
      const { listAssetsCommand } = await import("./commands/assets.ts");
      done(await listAssetsCommand(flags, output));
    });
  assets
    .command("path")
    .description("the folder that --target local would use")
    .option("--assets <dir>", "folder with the control-plane binaries")
    .action(async (flags: { assets?: string }) => {
      const { assetsPathCommand } = await import("./commands/assets.ts");
      done(await assetsPathCommand(flags, output));
    });
}
