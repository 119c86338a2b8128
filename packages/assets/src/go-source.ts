import { execFile, spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { AssetsError, aborted, diskFull } from "./assets-error.ts";
import type { BinaryName } from "./binary.ts";
import type { Environment } from "./cache-folder.ts";
import type { AssetSource, ProduceRequest } from "./source.ts";
import { type AssetVersions, defaultKubernetesVersion } from "./versions.ts";

/** How one binary is built. */
export interface GoTarget {
  /** Folder with go.mod and go.sum. */
  readonly moduleDir: string;
  /** Import path, or "." for the folder's own. */
  readonly package: string;
  readonly ldflags: string;
}

/** The modules are beside `src` and `dist` alike. */
function moduleDir(name: string): string {
  return fileURLToPath(new URL(`../go/${name}`, import.meta.url));
}

/** How the pinned binaries are built. The linker writes the versions in, which upstream's own build script does too. */
export function goTarget(binary: BinaryName, versions: AssetVersions): GoTarget {
  if (binary === "etcd") return { moduleDir: moduleDir("etcd"), package: ".", ldflags: "-s -w" };
  const [major, minor] = versions.kubernetes.split(".");
  const variables = {
    "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}`,
    "k8s.io/component-base/version.gitMajor": major,
    "k8s.io/component-base/version.gitMinor": minor,
    "k8s.io/component-base/version.gitTreeState": "clean",
    "k8s.io/client-go/pkg/version.gitVersion": `v${versions.kubernetes}`,
  };
  const ldflags = ["-s -w", ...Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`)].join(" ");
  return { moduleDir: moduleDir("kubernetes"), package: `k8s.io/kubernetes/cmd/${binary}`, ldflags };
}

/** Builds from Go modules whose go.sum is part of this package: the toolchain checks every module against it. */
export function goSource(env: Environment = process.env, target: typeof goTarget = goTarget): AssetSource {
  return {
    name: "go",
    async check(versions) {
      if (versions.kubernetes !== defaultKubernetesVersion) {
        throw new AssetsError(
          "unsupported-version",
          `Kubernetes ${versions.kubernetes} cannot be built from Go: only ${defaultKubernetesVersion} is pinned`,
          { remedy: `use --from download for it, or --k8s-version ${defaultKubernetesVersion}` },
        );
      }
      checkGoVersion(await goVersion(env), requiredGo(target("kube-apiserver", versions).moduleDir));
    },
    async produce(request) {
      // A name of this process's own: the compiler of one that was killed may still be writing.
      const name = `.${request.binary}.build.`;
      for (const entry of readdirSync(request.dir)) {
        if (entry.startsWith(name)) rmSync(join(request.dir, entry), { force: true });
      }
      const out = join(request.dir, `${name}${process.pid}`);
      await build(target(request.binary, request.versions), out, buildEnvironment(env), request);
      return out;
    },
  };
}

const goRemedy = "install Go from https://go.dev/dl, or use --from download";

async function goVersion(env: Environment): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("go", ["env", "GOVERSION"], { env: buildEnvironment(env) });
    return stdout.trim();
  } catch (cause) {
    throw goMissing(cause);
  }
}

function goMissing(cause: unknown): AssetsError {
  return new AssetsError("go-missing", "Go is not installed, or does not run", { cause, remedy: goRemedy });
}

/** The version after `go` in a go.mod. */
function requiredGo(dir: string): string {
  return /^go (\S+)$/m.exec(readFileSync(join(dir, "go.mod"), "utf8"))?.[1] ?? "1.0";
}

/** Throws AssetsError "go-too-old" when `version` (e.g. "go1.25.1") is below `required` (e.g. "1.26.0"). */
export function checkGoVersion(version: string, required: string): void {
  const numbers = (text: string) =>
    (/(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? []).slice(1).map((part) => Number(part ?? 0));
  const [has, needs] = [numbers(version), numbers(required)];
  const firstDifference = needs.map((need, i) => (has[i] ?? 0) - need).find((difference) => difference !== 0) ?? 0;
  if (has.length > 0 && firstDifference >= 0) return;
  throw new AssetsError("go-too-old", `Go is ${version}, and ${required} is needed`, { remedy: goRemedy });
}

/** The caller's environment, for its proxies and caches, without what could change what is built. */
function buildEnvironment(env: Environment): NodeJS.ProcessEnv {
  return {
    ...env,
    CGO_ENABLED: "0",
    GO111MODULE: "on",
    GOFLAGS: "-mod=readonly",
    GOWORK: "off",
    // The Go that was checked, not one that it would fetch by itself.
    GOTOOLCHAIN: "local",
  };
}

function build(target: GoTarget, out: string, env: NodeJS.ProcessEnv, request: ProduceRequest): Promise<void> {
  const argv = ["build", "-v", "-trimpath", "-ldflags", target.ldflags, "-o", out, target.package];
  request.onProgress({ kind: "build", binary: request.binary, packages: 0 });
  return new Promise((resolve, reject) => {
    const child = spawn("go", argv, { cwd: target.moduleDir, env, stdio: ["ignore", "ignore", "pipe"] });
    // The signal that makes the go command wait for its compilers.
    const onAbort = () => child.kill("SIGINT");
    request.signal?.addEventListener("abort", onAbort, { once: true });
    if (request.signal?.aborted === true) onAbort();
    let packages = 0;
    const others: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      // With -v the compiler names each package on a line of its own; anything with a space is a message.
      if (/^[\w./~-]+$/.test(line)) request.onProgress({ kind: "build", binary: request.binary, packages: ++packages });
      else others.push(line);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      request.signal?.removeEventListener("abort", onAbort);
      if (request.signal?.aborted === true) reject(aborted("build"));
      else if (code === 0) resolve();
      else reject(buildError(request.binary, others, request.dir));
    });
  });
}

function buildError(binary: BinaryName, lines: readonly string[], dir: string): AssetsError {
  const text = lines.slice(-8).join("\n");
  if (/no space left on device/.test(text)) return diskFull(dir);
  const offline = /dial tcp|no such host|connection refused|i\/o timeout|proxyconnect/.test(text);
  return new AssetsError("build-failed", `${binary} could not be built:\n${text}`, {
    remedy: offline
      ? "the Go module proxy cannot be reached: set GOPROXY to one that can"
      : "run the same command again: what was compiled is kept",
  });
}
