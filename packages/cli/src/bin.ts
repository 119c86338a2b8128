#!/usr/bin/env node
import { main } from "./program.ts";
import { listenForWriteErrors } from "./write-errors.ts";

// Timers and child processes of the packages do not keep the program alive: a run does, to its end.
const running = setInterval(() => undefined, 60_000);
const writeErrors = listenForWriteErrors();
const exitCode = await main(process.argv.slice(2));
clearInterval(running);
// Connections that linger must not keep the program; what was written to a pipe must still arrive, and its error be told.
const end = (): void => void setImmediate(() => process.exit(writeErrors.exitCode(exitCode)));
process.stdout.write("", () => process.stderr.write("", end));
