import type { RunResult } from "@hollowfleet/metrics";
import { createPaint } from "../paint.ts";
import type { Section } from "../section.ts";
import { apiCalls } from "../sections/api-calls.ts";
import { resources, selfCheck } from "../sections/harness.ts";
import { headline } from "../sections/headline.ts";
import { nodes } from "../sections/nodes.ts";
import { pods } from "../sections/pods.ts";
import { slowest } from "../sections/slowest.ts";
import { phases, tested } from "../sections/tested.ts";

export interface TerminalOptions {
  /** ANSI colours; none by default. */
  readonly colour?: boolean;
  /** Columns; 80 by default, which is also the least. */
  readonly width?: number;
  /** Where the result lies, as the reader would type it; printed last. */
  readonly path?: string;
}

/** The verdict first, then what was tested, then the figures in the order in which they are asked for. */
const sections: readonly Section[] = [headline, tested, phases, apiCalls, pods, nodes, selfCheck, slowest, resources];

/** Ends that left nothing to report but themselves. */
const early: readonly Section[] = [headline];

/** A run as text for a terminal, ending in a newline. */
export function renderTerminal(result: RunResult, options: TerminalOptions = {}): string {
  const page = { width: Math.max(80, options.width ?? 80), paint: createPaint(options.colour ?? false) };
  const shown = result.outcome === "bad-configuration" || result.outcome === "unreachable" ? early : sections;
  const parts = shown.map((section) => section(result, page)).filter((lines) => lines.length > 0);
  if (options.path !== undefined) parts.push([`Result: ${options.path}`]);
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
