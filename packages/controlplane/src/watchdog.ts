/**
 * A program of its own: `node watchdog.js RUN_ID RUN_DIR`. It waits for the end of its standard input, whose other end
 * the process that started the control plane holds, and then ends what that process left behind. The kernel closes a
 * pipe however its holder dies, so this works for kill -9 too. A line "done" means that nothing is left to do.
 */
import { removeRunFolder } from "./run-folder.ts";
import { sweep } from "./sweep.ts";

const [runId, runDir] = process.argv.slice(2);
if (runId === undefined || runDir === undefined) throw new Error("usage: watchdog RUN_ID RUN_DIR");

// Whoever ends our parent's whole group or session must not end us before the components.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => undefined);

let received = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text: string) => {
  received += text;
});
process.stdin.on("error", () => void finish());
process.stdin.on("end", () => void finish());

async function finish(): Promise<void> {
  if (received.includes("done")) process.exit(0);
  await sweep(String(runId));
  removeRunFolder(String(runDir), false);
  process.exit(0);
}
