import { spawn } from "node:child_process";

/** A command to run for its standard output. */
export interface PluginRun {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment of this process. */
  readonly env: Readonly<Record<string, string>>;
  /** Hands over our standard input and standard error; otherwise it has no input, and its errors are collected. */
  readonly interactive: boolean;
}

/** How it ended. */
export type PluginEnd =
  | { readonly kind: "exited"; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: "killed"; readonly signal: string }
  | { readonly kind: "not-found" }
  | { readonly kind: "not-started"; readonly cause: unknown }
  | { readonly kind: "too-long"; readonly limitBytes: number }
  | { readonly kind: "aborted" };

/** Runs a command; never rejects. When the signal aborts, the command is killed. */
export type RunPlugin = (run: PluginRun, signal: AbortSignal) => Promise<PluginEnd>;

const stdoutBytesMax = 2 ** 20;
const stderrBytesKept = 4096;

/** Runs a command of this machine. */
export const runPlugin: RunPlugin = ({ command, args, env, interactive }, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve({ kind: "aborted" });
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: [interactive ? "inherit" : "ignore", "pipe", interactive ? "inherit" : "pipe"],
    });
    const finish = (end: PluginEnd): void => {
      signal.removeEventListener("abort", onAbort);
      resolve(end);
    };
    const stop = (end: PluginEnd): void => {
      child.kill("SIGKILL");
      // What the command itself started may hold on to the pipes.
      child.stdout?.destroy();
      child.stderr?.destroy();
      finish(end);
    };
    const onAbort = (): void => stop({ kind: "aborted" });
    signal.addEventListener("abort", onAbort, { once: true });

    const stdout: Buffer[] = [];
    let stdoutBytes = 0;
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout.push(chunk);
      stdoutBytes += chunk.length;
      if (stdoutBytes > stdoutBytesMax) stop({ kind: "too-long", limitBytes: stdoutBytesMax });
    });
    let stderr = Buffer.alloc(0);
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr = Buffer.concat([stderr, chunk]).subarray(-stderrBytesKept);
    });
    child.on("error", (cause: NodeJS.ErrnoException) => {
      finish(cause.code === "ENOENT" ? { kind: "not-found" } : { kind: "not-started", cause });
    });
    child.on("close", (exitCode, killedBy) => {
      if (exitCode === null) return finish({ kind: "killed", signal: killedBy ?? "unknown" });
      finish({ kind: "exited", exitCode, stdout: Buffer.concat(stdout).toString(), stderr: stderr.toString() });
    });
  });
