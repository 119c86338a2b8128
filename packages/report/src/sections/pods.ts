import type { PodPhase, PodStartupResult, PodStartupVerdict, RunResult } from "@hollowfleet/metrics";
import { count, counted, percent, span } from "../figures.ts";
import type { Page } from "../section.ts";
import { statusStyle, statusWord } from "../status.ts";
import { type Cell, table, wrap } from "../table.ts";

const phaseNames: Readonly<Record<PodPhase, string>> = {
  "created-to-scheduled": "created → scheduled",
  "scheduled-to-started": "scheduled → started",
  "started-to-observed": "started → observed",
  "created-to-observed": "whole startup",
};

/** Pod startup per phase, by our own watch and by the API's one-second stamps. */
export function pods({ podStartup, verdicts }: RunResult, page: Page): readonly string[] {
  if (podStartup.length === 0) return [];
  return [
    page.paint("Pod startup", "heading"),
    ...podStartup.flatMap((startup) => load(startup, verdicts.podStartup[startup.load], page)),
  ];
}

function load(startup: PodStartupResult, verdict: PodStartupVerdict | undefined, page: Page): string[] {
  const { created, neverReady, phases, simulated } = startup;
  const gate = startup.load === "latency" ? "latency pods, one by one" : "saturation, while the cluster filled";
  const title = `  ${gate}: ${counted(created, "pod")}, ${count(neverReady)} never started`;
  const status = verdict === undefined ? undefined : statusText(startup.load, verdict, page);
  const head = ["", "p50", "p90", "p99", "max", "p99 by API stamps"].map((text): Cell => ({ text, style: "faint" }));
  const rows = phases.map(({ phase, watch, api }): Cell[] => [
    { text: phaseNames[phase] },
    ...[watch.p50, watch.p90, watch.p99, watch.max].map((us) => ({ text: watch.count === 0 ? "–" : span(us) })),
    { text: api === undefined || api.count === 0 ? "–" : span(api.p99) },
  ]);
  const share = `simulated waiting of the hollow kubelet: ${span(simulated.meanUs)} a pod, ${percent(simulated.share)} of it`;
  return [
    status === undefined ? title : `${title}  ${status}`,
    ...table([head, ...rows], page.paint, { width: page.width, indent: 4, right: [1, 2, 3, 4, 5] }),
    ...wrap(share, page.width, 4).map((line) => page.paint(line, "faint")),
  ];
}

/** Startup while the cluster filled is no gate, so that its status must not look like one. */
function statusText(of: PodStartupResult["load"], { status }: PodStartupVerdict, { paint }: Page): string {
  return of === "latency" ? paint(statusWord(status), statusStyle(status)) : paint("no gate", "faint");
}
