import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { freemem } from "node:os";
import { findAssets } from "@hollowfleet/assets";
import { errorText } from "@hollowfleet/core";

/** What a run needs to know of the machine. */
export interface MachineFacts {
  readonly nodeVersion: string;
  readonly platform: string;
  /** Soft limit of open files; undefined where the system does not say. */
  readonly openFiles: number | undefined;
  readonly freeMemoryBytes: number;
  /** Folder and version, or why there is none. */
  readonly assets: { readonly dir: string; readonly version: string } | { readonly missing: string };
  readonly loopbackPort: boolean;
  /** 127.64.0.1 and its like: a node's own source address. */
  readonly loopbackAddresses: boolean;
  /** Wall clock, ms since the epoch. */
  readonly nowMs: number;
}

export async function readMachineFacts(assetsFlag: string | undefined): Promise<MachineFacts> {
  return {
    nodeVersion: process.versions.node,
    platform: process.platform,
    openFiles: openFileLimit(),
    freeMemoryBytes: availableMemory(),
    assets: await assetsFact(assetsFlag),
    loopbackPort: await canListen("127.0.0.1"),
    loopbackAddresses: await canListen("127.64.0.1"),
    nowMs: Date.now(),
  };
}

async function assetsFact(flag: string | undefined): Promise<MachineFacts["assets"]> {
  try {
    const { dir, version } = await findAssets({ ...(flag !== undefined && { flag }) });
    return { dir, version };
  } catch (thrown) {
    return { missing: errorText(thrown) };
  }
}

function openFileLimit(): number | undefined {
  try {
    const match = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync("/proc/self/limits", "utf8"));
    if (match === null) return undefined;
    return match[1] === "unlimited" ? Number.POSITIVE_INFINITY : Number(match[1]);
  } catch {
    return undefined;
  }
}

/** What the kernel would give without swapping: free memory alone leaves the page cache out. */
function availableMemory(): number {
  try {
    const match = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync("/proc/meminfo", "utf8"));
    if (match !== null) return Number(match[1]) * 1024;
  } catch {
    // No Linux: the next best figure.
  }
  return freemem();
}

function canListen(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(0, host, () => server.close(() => resolve(true)));
  });
}
