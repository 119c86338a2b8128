import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/** `$XDG_CACHE_HOME/hollowfleet/assets`; a relative XDG_CACHE_HOME is ignored, as the XDG base directory specification wants. */
export function assetsRoot(env: Environment = process.env): string {
  const cache = env["XDG_CACHE_HOME"];
  const base = cache !== undefined && isAbsolute(cache) ? cache : join(env["HOME"] ?? homedir(), ".cache");
  return join(base, "hollowfleet", "assets");
}
