#!/usr/bin/env node
import { main } from "./program.ts";

const exitCode = await main(process.argv.slice(2));
process.exitCode = exitCode;
// Connections that linger must not keep the program; what was written to a pipe must still arrive.
process.stdout.write("", () => process.stderr.write("", () => process.exit(exitCode)));
