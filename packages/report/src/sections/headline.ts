import {
  combinedStatus,
  type Outcome,
  type PodStartupVerdict,
  type RunResult,
  type SloRow,
  type VerdictStatus,
} from "@hollowfleet/metrics";
import { counted, duration, percent, span } from "../figures.ts";
import type { Style } from "../paint.ts";
import type { Page } from "../section.ts";
import { statusStyle, statusWord } from "../status.ts";
import { wrap } from "../table.ts";
import { callName } from "./api-calls.ts";

/** The verdict, before anything else. */
export function headline(result: RunResult, page: Page): readonly string[] {
  const { word, sentence, style } = headOf(result);
  const took = duration(result.manifest.durationMs);
  const title = `${word}  ${result.manifest.scenario.name}`;
  const space = " ".repeat(Math.max(2, page.width - title.length - took.length));
  const head = page.paint(word, style) + page.paint(title.slice(word.length), "heading") + space + took;
  const lines = [head, ...wrap(sentence, page.width)];
  if (result.message !== undefined) lines.push(...messageLines(result.message, page.width));
  for (const { sentence: reason } of result.selfCheck.reasons) {
    lines.push(...wrap(`• ${reason}`, page.width, 2, 4).map((line) => page.paint(line, "warn")));
  }
  if (!result.manifest.target.real) lines.push(...wrap(embeddedCaution, page.width));
  if (!hasVerdicts(result.outcome)) return lines;
  const caution = result.outcome === "invalid" ? wrap("these verdicts do not count:", page.width) : [];
  return [...lines, "", ...caution, ...verdictTable(verdictLines(result), page)];
}

/** What the figures of an API server of our own are good for. */
const embeddedCaution =
  "Measured on Hollowfleet's embedded API server, which is not a real control plane: no etcd, no Priority & Fairness, " +
  "scheduler and controllers of our own. The figures say nothing of how fast Kubernetes is.";

/** Lines that a message sets off, such as the last ones of a log, stay lines. */
function messageLines(message: string, width: number): string[] {
  return message
    .split("\n")
    .flatMap((line) => (line.startsWith(" ") ? wrap(line.trim(), width, 4, 6) : wrap(line, width)));
}

/** Name and status whole in their columns, the rest wrapped beside them. */
function verdictTable(lines: readonly VerdictLine[], { width, paint }: Page): string[] {
  const nameWidth = Math.max(...lines.map(({ name }) => name.length));
  const wordWidth = Math.max(...lines.map(({ word }) => word.length));
  const column = nameWidth + wordWidth + 6;
  return lines.flatMap(({ name, word, style, text, faint }) => {
    const [first = "", ...rest] = wrap(text, width, column);
    const detail = (part: string): string => (faint === true ? paint(part, "faint") : part);
    const head = `  ${name.padEnd(nameWidth)}  ${paint(word.padEnd(wordWidth), style)}  `;
    return [head + detail(first.trimStart()), ...rest.map(detail)];
  });
}

function headOf(result: RunResult): { readonly word: string; readonly sentence: string; readonly style: Style } {
  switch (result.outcome) {
    case "passed":
      if (combinedStatus(gates(result)) === "no-data") {
        return {
          word: "NOT JUDGED",
          sentence: "the run went well, with too few samples for any verdict",
          style: "warn",
        };
      }
      return { word: "PASSED", sentence: "every SLO that could be judged was met", style: "good" };
    case "failed":
      return { word: "FAILED", sentence: failure(gates(result)), style: "bad" };
    case "invalid":
      return {
        word: "INVALID",
        sentence: "the simulator was the limit, so the figures say nothing of the server:",
        style: "warn",
      };
    case "interrupted":
      return {
        word: "INTERRUPTED",
        sentence: "stopped before its end; the figures cover the time until then",
        style: "warn",
      };
    case "bad-configuration":
      return { word: "BAD CONFIGURATION", sentence: "nothing was started", style: "bad" };
    case "unreachable":
      return {
        word: "UNREACHABLE",
        sentence: "the control plane could not be reached, started or spoken to",
        style: "bad",
      };
    case "error":
      return { word: "ERROR", sentence: "Hollowfleet itself failed", style: "bad" };
  }
}

function hasVerdicts(outcome: Outcome): boolean {
  return outcome !== "bad-configuration" && outcome !== "unreachable";
}

function gates({ verdicts }: RunResult): VerdictStatus[] {
  const { latency } = verdicts.podStartup;
  return [verdicts.official.status, verdicts.clientSide.status, ...(latency === undefined ? [] : [latency.status])];
}

function failure(statuses: readonly VerdictStatus[]): string {
  return statuses.includes("failed")
    ? "the control plane did not meet its SLOs"
    : "the server refused too many requests to be judged by the rest";
}

interface VerdictLine {
  readonly name: string;
  readonly word: string;
  readonly style: Style;
  readonly text: string;
  readonly faint?: boolean;
}

function verdictLines({ verdicts }: RunResult): VerdictLine[] {
  const { official, clientSide, podStartup } = verdicts;
  const { latency, saturation } = podStartup;
  const lines = [
    line("API calls, official", official.status, rowsText(official.rows)),
    line("API calls, client side", clientSide.status, rowsText(clientSide.rows)),
  ];
  if (latency !== undefined) lines.push(line("startup, latency pods", latency.status, startupText(latency)));
  if (saturation !== undefined) {
    // Shown beside the gate: pods that wait while the cluster fills say how fast it fills, not how fast it starts one.
    lines.push({
      name: "startup, saturation",
      word: "shown",
      style: "faint",
      text: startupText(saturation),
      faint: true,
    });
  }
  return lines;
}

function startupText({ p99Us, count, overLimit, limitUs }: PodStartupVerdict): string {
  const p99 = p99Us === undefined ? "" : `p99 ${span(p99Us)}, `;
  const over = count === 0 ? "" : `, ${percent(overLimit / count)} over ${span(limitUs)}`;
  return `${p99}${counted(count, "pod")}${over}`;
}

function line(name: string, status: VerdictStatus, text: string): VerdictLine {
  return { name, word: statusWord(status), style: statusStyle(status), text };
}

function rowsText(rows: readonly SloRow[]): string {
  const parts = (["failed", "not-judgeable", "passed", "no-data"] as const).flatMap((status) => {
    const [first, ...rest] = rows.filter((row) => row.status === status);
    if (first === undefined) return [];
    const name =
      status === "passed" || status === "no-data" ? "" : ` (${callName(first)}${rest.length > 0 ? ", …" : ""})`;
    return [`${rest.length + 1} ${statusWord(status).toLowerCase()}${name}`];
  });
  return parts.length === 0 ? "no calls" : parts.join(", ");
}
