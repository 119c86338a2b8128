import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The `bench` folder of this checkout. */
export const benchDir: string = resolve(fileURLToPath(import.meta.url), "../../..");

/** Built peers; git does not see it. */
export const cacheDir: string = join(benchDir, ".cache");

/** Figures that were committed, and the default for new ones. */
export const resultsDir: string = join(benchDir, "results");

/** A built entry of this package, e.g. "lease-peer.js". */
export function entryPath(name: string): string {
  return join(benchDir, "dist", name);
}
