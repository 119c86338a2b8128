import { spawn } from "node:child_process";
import { requireAssets } from "./assets.ts";

/** How one kubectl ended. */
export interface KubectlEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real kubectl of the assets on one cluster. */
export class Kubectl {
  readonly #kubeconfig: string;
  readonly #binary: string;

  constructor(kubeconfig: string) {
    const { kubectl } = requireAssets();
    if (kubectl === undefined) throw new Error("the assets have no kubectl");
    this.#binary = kubectl;
    this.#kubeconfig = kubeconfig;
  }

  /** Runs it to its end, whatever that is. */
  try(args: readonly string[], input = ""): Promise<KubectlEnd> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.#binary, ["--kubeconfig", this.#kubeconfig, ...args], { stdio: "pipe" });
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, stderr }));
      child.stdin.end(input);
    });
  }

  /** Runs it with `--watch` until stdout shows the text, then ends it. */
  watch(args: readonly string[], until: RegExp, timeoutMs: number): Promise<{ stdout: string }> {
    return new Promise((resolve, reject) => {
      const argv = ["--kubeconfig", this.#kubeconfig, ...args, "--watch"];
      const child = spawn(this.#binary, argv, { stdio: ["ignore", "pipe", "inherit"] });
      let stdout = "";
      const timer = setTimeout(() => child.kill(), timeoutMs);
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
        if (until.test(stdout)) child.kill();
      });
      child.on("error", reject);
      child.on("close", () => {
        clearTimeout(timer);
        if (until.test(stdout)) resolve({ stdout });
        else reject(new Error(`kubectl ${argv.slice(2).join(" ")} did not show ${String(until)}:\n${stdout}`));
      });
    });
  }

  /** What it says on stdout; rejects with what it complains about. */
  async run(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.try(args);
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")} ended with ${code}: ${stderr}${stdout}`);
    return stdout;
  }

  async json<T>(...args: readonly string[]): Promise<T> {
    return JSON.parse(await this.run(...args, "-o", "json")) as T;
  }

  /** @param manifest YAML or JSON */
  async apply(manifest: string, ...args: readonly string[]): Promise<void> {
    const { code, stderr } = await this.try(["apply", "-f", "-", ...args], manifest);
    if (code !== 0) throw new Error(`kubectl apply: ${stderr}`);
  }
}
