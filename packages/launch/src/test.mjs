import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LaunchError } from "./launch-error.mjs";
import { prepare } from "./prepare.mjs";
import { summaryLine } from "./summary-reporter.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../../../..");
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");

try {
  await prepare(root);
  process.chdir(root);
  process.argv.splice(1, 1, vitest, "run");
  await import(pathToFileURL(vitest).href);
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  process.stderr.write(`hollowfleet: ${error.message}\n`);
  process.stdout.write(`${summaryLine({ passed: 0, failed: 1, skipped: 0 })}\n`);
  process.exitCode = error.exitCode;
}
