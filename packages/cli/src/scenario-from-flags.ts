import { type FaultRule, parseFaultFlag } from "@hollowfleet/controlplane";
import { HollowError, parseSpanMs } from "@hollowfleet/core";
import { applySettings, checkScenario, type Fault, type Scenario } from "@hollowfleet/driver";
import { CliError } from "./cli-error.ts";
import type { RunFlags } from "./flags.ts";
import { isExisting, targetFaults } from "./target-choice.ts";

/** Which field of the scenario each flag sets. */
const fields = {
  nodes: "fleet.pools.0.count",
  threads: "fleet.threads",
  profile: "fleet.profile",
  watches: "fleet.watches",
  identity: "fleet.identity",
  connections: "fleet.connections",
  seed: "seed",
  nodeRate: "fleet.nodeRatePerS",
  kubeletVersion: "fleet.kubeletVersion",
  podsPerNode: "workload.podsPerNode",
  podRate: "workload.podRatePerS",
} as const;

/** A pool's part that a node template gives. */
export type PoolTemplate = Readonly<Record<string, unknown>>;

/**
 * The scenario that the flags ask for. Throws CliError "usage" that lists everything wrong at once, each by the flag that
 * the user wrote.
 */
export function scenarioFromFlags(base: Scenario, flags: RunFlags, template: PoolTemplate = {}): Scenario {
  const settings = [...flagSettings(flags), ...(flags.set ?? [])];
  const templated = {
    ...base,
    fleet: { ...base.fleet, pools: base.fleet.pools.map((pool) => ({ ...pool, ...template })) },
  };
  const { data, faults } = applySettings(templated, settings);
  const checked = checkScenario(data);
  const all = [...faults, ...flagFaults(flags), ...targetFaults(flags), ...("faults" in checked ? checked.faults : [])];
  if (all.length > 0 || "faults" in checked) throw usageError(all);
  return checked.scenario;
}

function flagSettings(flags: RunFlags): string[] {
  const simple = Object.entries(fields).flatMap(([flag, field]) => {
    const value = flags[flag as keyof typeof fields];
    return value === undefined ? [] : [`${field}=${value}`];
  });
  // We hold the CA of no cluster that we did not start, so its nodes can only be impersonated.
  const identity = flags.identity === undefined && isExisting(flags) ? ["fleet.identity=impersonate"] : [];
  const durationMs = flags.duration === undefined ? undefined : parseSpanMs(flags.duration);
  return [
    ...identity,
    ...simple,
    ...(flags.fault === undefined ? [] : [`faults=${JSON.stringify(faultRules(flags.fault).rules)}`]),
    ...(durationMs === undefined ? [] : [`durationMs=${durationMs}`]),
    ...(flags.startDelay === undefined
      ? []
      : ["sandbox", "container"].map(
          (part) => `fleet.delays.${part}=${JSON.stringify(spanText(flags.startDelay ?? ""))}`,
        )),
  ];
}

/** A bare "0" is a span, too. */
function spanText(text: string): string {
  return /^\d+$/.test(text) ? `${text}ms` : text;
}

function flagFaults(flags: RunFlags): Fault[] {
  const { faults } = faultRules(flags.fault ?? []);
  if (flags.duration === undefined || parseSpanMs(flags.duration) !== undefined) return faults;
  return [...faults, { path: "--duration", message: `"${flags.duration}" is no span of time; write 60s, 10m or 1h` }];
}

/** The rules that can be read, and what is wrong with the others. */
function faultRules(texts: readonly string[]): { readonly rules: FaultRule[]; readonly faults: Fault[] } {
  const rules: FaultRule[] = [];
  const faults: Fault[] = [];
  for (const text of texts) {
    try {
      rules.push(parseFaultFlag(text));
    } catch (thrown) {
      if (!(thrown instanceof HollowError)) throw thrown;
      faults.push({
        path: "--fault",
        message: `${thrown.message.replace(/^--fault /, "")}. ${thrown.remedy ?? ""}`.trim(),
      });
    }
  }
  return { rules, faults };
}

const flagOf: ReadonlyMap<string, string> = new Map(
  Object.entries(fields).map(([flag, field]) => [
    field,
    `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
  ]),
);

function usageError(faults: readonly Fault[]): CliError {
  const lines = faults.map(({ path, message }) => {
    const flag = path.startsWith("fleet.delays.") ? "--start-delay" : flagOf.get(path);
    return `  ${flag === undefined ? path : `${flag} (${path})`}: ${message}`;
  });
  return new CliError("usage", `the scenario cannot run:\n${lines.join("\n")}`, {
    remedy: "Correct the flags above; `hollow scenarios --show NAME` prints every field with its value.",
  });
}
