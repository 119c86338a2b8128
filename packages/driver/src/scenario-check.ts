import { validateFaultPlan } from "@hollowfleet/controlplane";
import { parseDistribution } from "@hollowfleet/core";
import { certificateIdentities, maxAddresses } from "@hollowfleet/fleet";
import { Ajv, type ErrorObject } from "ajv";
import { type Scenario, totalNodes } from "./scenario.ts";
import { scenarioSchema } from "./scenario-schema.ts";

/** One thing wrong with a scenario. */
export interface Fault {
  /** `fleet.pools.0.count` */
  readonly path: string;
  readonly message: string;
}

export type Checked = { readonly scenario: Scenario } | { readonly faults: readonly Fault[] };

/** Turns data of unknown origin into a scenario, or lists everything that is wrong with it at once. */
export function checkScenario(data: unknown): Checked {
  const validate = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true }).compile(scenarioSchema);
  const readable = withDistributions(data);
  if (!validate(readable)) return { faults: dedupe((validate.errors ?? []).map(faultOf)) };
  const scenario = readable as Scenario;
  const faults = crossChecks(scenario);
  return faults.length > 0 ? { faults } : { scenario };
}

/** Delays may be written as text: "400ms", "uniform(100ms,1s)". */
function withDistributions(data: unknown): unknown {
  const copy = structuredClone(data) as { fleet?: { delays?: Record<string, unknown> } };
  const delays = copy?.fleet?.delays;
  if (typeof delays !== "object" || delays === null) return copy;
  for (const [key, value] of Object.entries(delays)) {
    if (typeof value === "string" || typeof value === "number") {
      delays[key] = parseDistribution(typeof value === "number" ? `${value}ms` : value) ?? value;
    }
  }
  return copy;
}

function faultOf(error: ErrorObject): Fault {
  const path = error.instancePath.slice(1).replaceAll("/", ".");
  const { allowedValues, additionalProperty, missingProperty } = error.params as Record<string, unknown>;
  const found = typeof error.data === "object" ? "" : ` (found ${JSON.stringify(error.data)})`;
  if (Array.isArray(allowedValues)) return { path, message: `must be one of ${allowedValues.join(", ")}${found}` };
  if (typeof additionalProperty === "string") return { path: join(path, additionalProperty), message: "is not known" };
  if (typeof missingProperty === "string") return { path: join(path, missingProperty), message: "is missing" };
  return { path, message: `${error.message ?? "is wrong"}${found}` };
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

/** A wrong union reports each of its branches; one line per field is enough. */
function dedupe(faults: readonly Fault[]): Fault[] {
  const byPath = new Map<string, Fault>();
  for (const fault of faults) if (!byPath.has(fault.path)) byPath.set(fault.path, fault);
  return [...byPath.values()];
}

/** What no schema can say: fields that exclude each other. */
function crossChecks(scenario: Scenario): Fault[] {
  const faults: Fault[] = [];
  const { fleet, workload, probes } = scenario;
  if (certificateIdentities.includes(fleet.identity) && fleet.connections === "pooled") {
    faults.push({
      path: "fleet.connections",
      message: `pooled cannot go with identity ${fleet.identity}: a certificate binds a connection; use --identity node-token or impersonate, or --connections per-node`,
    });
  }
  const names = fleet.pools.map((pool) => pool.name);
  if (new Set(names).size !== names.length) faults.push({ path: "fleet.pools", message: "two pools have one name" });
  if (totalNodes(scenario) > maxAddresses) {
    faults.push({ path: "fleet.pools", message: `there are addresses for ${maxAddresses} nodes only` });
  }
  fleet.pools.forEach((pool, index) => {
    const capacity = Number(pool.capacity["pods"] ?? 0);
    if (workload !== null && workload.podsPerNode > capacity) {
      faults.push({
        path: "workload.podsPerNode",
        message: `${workload.podsPerNode} pods do not fit: fleet.pools.${index}.capacity.pods is ${capacity}`,
      });
    }
  });
  probes.forEach((probe, index) => {
    const single = probe.verb !== "LIST";
    if (single !== (probe.scope === "resource")) {
      faults.push({ path: `probes.${index}.scope`, message: `${probe.scope} does not go with verb ${probe.verb}` });
    }
    if (probe.resource !== "configmaps" && !["GET", "LIST"].includes(probe.verb)) {
      faults.push({ path: `probes.${index}.verb`, message: `${probe.verb} is probed on configmaps only` });
    }
    if (workload === null && ["pods", "deployments"].includes(probe.resource) && single) {
      faults.push({ path: `probes.${index}.resource`, message: "there is no workload to read" });
    }
  });
  faults.push(
    ...validateFaultPlan({ rules: scenario.faults }).map(({ path, message, remedy }) => ({
      path: path.replace(/^rules/, "faults"),
      message: `${message}; ${remedy}`,
    })),
  );
  return faults;
}
