import { errorText } from "@hollowfleet/core";

/** Runs a command; a failure is one line on stderr and exit code 1. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const remedy = (error as { remedy?: unknown }).remedy;
    console.error(`bench: ${errorText(error)}${typeof remedy === "string" ? `\n  ${remedy}` : ""}`);
    process.exitCode = 1;
  }
}
