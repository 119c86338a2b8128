import type { RunResult } from "@hollowfleet/metrics";
import type { Paint } from "./paint.ts";

/** What a section draws with. */
export interface Page {
  readonly width: number;
  readonly paint: Paint;
}

/** One part of a report, as lines. Without lines it has nothing to say and is left out. */
export type Section = (result: RunResult, page: Page) => readonly string[];
