import { execFile } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { benchDir, cacheDir } from "../shared/workspace.ts";

/** A built peer. */
export interface GoPeer {
  readonly path: string;
  /** Version of k8s.io/client-go, from its go.mod. */
  readonly clientGo: string;
}

/** Builds bench/peers/client-go; with nothing changed, Go's own build cache makes that a matter of a second. */
export async function buildGoPeer(): Promise<GoPeer> {
  const cwd = join(benchDir, "peers", "client-go");
  const path = join(cacheDir, "client-go-peer");
  mkdirSync(cacheDir, { recursive: true });
  const env = { ...process.env, CGO_ENABLED: "0" };
  try {
    await promisify(execFile)("go", ["build", "-trimpath", "-mod=readonly", "-o", path, "."], { cwd, env });
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const why = missing ? "there is no go command" : String((cause as { stderr?: unknown }).stderr ?? cause).trim();
    throw new Error(`the client-go peer cannot be built: ${why}`, { cause });
  }
  const clientGo = /k8s\.io\/client-go (v\S+)/.exec(readFileSync(join(cwd, "go.mod"), "utf8"))?.[1] ?? "unknown";
  return { path, clientGo };
}
