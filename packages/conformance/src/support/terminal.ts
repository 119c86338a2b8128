import { type ChildProcess, spawn } from "node:child_process";
import { hollowBin } from "./hollow.ts";

/** `hollow` in a pseudo-terminal. */
export interface Terminal {
  readonly child: ChildProcess;
  /** What the terminal was sent so far, control sequences included. */
  screen(): string;
  /** Resolves when the screen was sent a text. */
  shows(text: RegExp): Promise<void>;
  /** Types ^C: the terminal signals its whole foreground process group. */
  interrupt(): void;
  readonly exitCode: Promise<number | null>;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Runs it through script(1) of util-linux, 80 columns wide. */
export function startInTerminal(args: readonly string[], env: NodeJS.ProcessEnv): Terminal {
  const command = `stty cols 80 rows 30; exec ${[process.execPath, hollowBin, ...args].map(quoted).join(" ")}`;
  // A CI's environment would turn the live block off.
  const { CI: _, ...inherited } = process.env;
  const child = spawn("script", ["-qefc", command, "/dev/null"], {
    env: { ...inherited, TERM: "xterm", SHELL: "/bin/sh", ...env },
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  let sent = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    sent += text;
  });
  const exitCode = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  return {
    child,
    screen: () => sent,
    async shows(text) {
      while (!text.test(sent)) {
        if (child.exitCode !== null) throw new Error(`hollow ended without showing ${text}:\n${sent}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    interrupt: () => void child.stdin.write("\u0003"),
    exitCode,
  };
}
