import type { Json, RunResult } from "@hollowfleet/metrics";
import { bytes, clockTime, count, counted, duration } from "../figures.ts";
import type { Page } from "../section.ts";
import { type Cell, definitions, table } from "../table.ts";

/** What was tested, and on what. */
export function tested({ manifest, nodes }: RunResult, page: Page): readonly string[] {
  const { scenario, target, host, versions, git } = manifest;
  const commit = git === undefined ? "" : `, commit ${git.commit.slice(0, 10)}${git.dirty ? " with changes" : ""}`;
  return [
    page.paint("Tested", "heading"),
    ...definitions(
      [
        ["scenario", `${scenario.name}, seed ${manifest.seed}${workload(scenario)}`],
        [
          "nodes",
          `${count(nodes.planned)} hollow nodes: profile ${manifest.profile}, watches ${manifest.watches}, ` +
            `identity ${manifest.identity}, connections ${manifest.connections}`,
        ],
        ["target", targetText(target)],
        ...settings(manifest.targetSettings),
        ["host", `${host.cpuModel}, ${host.cpus} CPUs, ${bytes(host.memoryBytes)} memory, ${host.os}`],
        ["with", `hollowfleet ${versions["hollowfleet"] ?? "?"}${commit}, Node.js ${versions["node"] ?? "?"}`],
        ["run", `${manifest.runId}, ${manifest.startedAt}`],
      ],
      page.width,
    ),
  ];
}

/** The phases of the run with when they were. */
export function phases({ phases: all }: RunResult, page: Page): readonly string[] {
  if (all.length === 0) return [];
  const rows = all.map((phase): Cell[] => [
    { text: phase.name },
    { text: clockTime(phase.startMs) },
    { text: duration(phase.endMs - phase.startMs) },
    { text: phase.ended === "done" ? "" : phase.ended, style: "warn" },
    {
      text: Object.entries(phase.counts)
        .map(([what, value]) => `${what} ${count(value)}`)
        .join(", "),
    },
  ]);
  const shown = rows.some((row) => row[3]?.text !== "") ? rows : rows.map((row) => row.filter((_, at) => at !== 3));
  return [page.paint("Phases", "heading"), ...table(shown, page.paint, { width: page.width, right: [1, 2] })];
}

function workload(scenario: { readonly [key: string]: Json }): string {
  const part = scenario["workload"];
  if (part === undefined || part === null || typeof part !== "object" || Array.isArray(part)) return "";
  const perNode = (part as { readonly [key: string]: Json })["podsPerNode"];
  return typeof perNode === "number" ? `, ${count(perNode)} pods per node` : "";
}

function targetText({ kind, real, version, context }: RunResult["manifest"]["target"]): string {
  const what = version === undefined ? kind : `${kind}, Kubernetes ${version}`;
  const where = context === undefined ? "" : `, context ${context}`;
  return real ? `${what}${where}` : `${what}${where}: not a real control plane`;
}

/** What tells one set-up from another; the flags that we always set are too many to read, and in the result. */
function settings(targetSettings: Readonly<Record<string, string>>): [string, string][] {
  const entries = Object.entries(targetSettings);
  const telling = entries.filter(([name]) => !name.includes(" --") && !/^(kubernetes version|context)$/.test(name));
  const flags = entries.filter(([name]) => name.includes(" --")).length;
  const parts = [
    ...telling.map(([name, value]) => `${name}=${value}`),
    ...(flags === 0 ? [] : [`${counted(flags, "flag")} of the components, listed in run.json`]),
  ];
  return parts.length === 0 ? [] : [["settings", parts.join(", ")]];
}
