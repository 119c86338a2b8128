import { spawn } from "node:child_process";
import { constants } from "node:os";
import { LaunchError } from "./launch-error.mjs";

const TAIL_LINES = 30;
const TAIL_CHARS = 64 * 1024;

/** @type {readonly NodeJS.Signals[]} */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs one command to its end with its output held back, and throws with the command and the output's tail if it fails.
 *
 * The command gets a process group of its own, so that a signal to us ends it with all its children, whichever of them
 * the terminal would have reached; we then end at once with 128 + the signal's number.
 *
 * @param {string} what what failed, for the message: "Installing the dependencies"
 * @param {readonly [string, ...string[]]} command
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<void>}
 */
export async function runStep(what, command, { cwd, env = process.env }) {
  const [file, ...args] = command;
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const keep = (/** @type {string} */ text) => {
    output = (output + text).slice(-TAIL_CHARS);
  };
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);

  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    killGroup(child.pid);
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  try {
    const ending = await new Promise((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("close", (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit code ${code}`)));
    });
    if (ending !== undefined) throw new LaunchError(describeFailure(what, command, ending, output));
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, stop);
  }
}

/**
 * @param {string} what
 * @param {readonly string[]} command
 * @param {string} ending
 * @param {string} output
 */
function describeFailure(what, command, ending, output) {
  const tail = output.trimEnd().split("\n").slice(-TAIL_LINES);
  return [`${what} failed (${ending}):`, `  ${command.join(" ")}`, ...tail.map((line) => `  | ${line}`)].join("\n");
}

/** @param {number | undefined} pid the group's leader */
function killGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended between the signal and this line.
  }
}
