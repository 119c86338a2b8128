import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LaunchError } from "./launch-error.mjs";
import { prepare } from "./prepare.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../../../..");
const bin = join(root, "packages", "cli", "dist", "bin.js");

try {
  await prepare(root);
  const { INIT_CWD: typedIn, npm_lifecycle_event: script } = process.env;
  // npm changes to the project's root; paths in arguments are meant from where the command was typed.
  if (script === "start" && typedIn && process.cwd() === root) process.chdir(typedIn);
  process.argv[1] = bin;
  await import(pathToFileURL(bin).href);
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  process.stderr.write(`hollowfleet: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
