import type { RunResult } from "@hollowfleet/metrics";

/** The result as it is stored in `run.json`, ending in a newline. */
export function renderJson(result: RunResult): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}
