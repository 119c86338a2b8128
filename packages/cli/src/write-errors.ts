import { exitCodeOf } from "@hollowfleet/metrics";

/** What became of writing to stdout and stderr. */
export interface WriteErrors {
  /** The exit code of a command that ended with this one: a result that could not be printed is no success. */
  exitCode(ofCommand: number): number;
}

/**
 * Hears of errors of stdout and stderr, which would otherwise end the program in the middle. A reader that closed its
 * end (`hollow … | head -1`) has what it wanted; a full disk below stdout has to be told.
 */
export function listenForWriteErrors(): WriteErrors {
  let lost = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || lost) return;
    lost = true;
    process.stderr.write(`hollow: stdout cannot be written: ${error.message}\n`);
  });
  process.stderr.on("error", () => undefined);
  return { exitCode: (ofCommand) => (lost && ofCommand === 0 ? exitCodeOf("error") : ofCommand) };
}
