import { resources } from "@hollowfleet/client";
import { nodeName } from "@hollowfleet/fleet";
import { constantArrivalRate } from "../executors/constant-arrival-rate.ts";
import type { ArrivalCounts } from "../phase-log.ts";
import type { RunContext } from "../run-context.ts";
import type { ProbePart } from "../scenario.ts";
import { probeNamespace } from "../workload.ts";

/** One call of a probe; `index` counts the calls of that probe. */
type ProbeCall = (index: number, dueUs: number) => Promise<unknown>;

/** Runs all probes side by side for the scenario's duration. */
export async function probe(run: RunContext): Promise<void> {
  const { probes, durationMs } = run.scenario;
  await run.phases.run("probe", durationMs, async (phase) => {
    const targets = await seedObjects(run);
    const results = await Promise.all(
      probes.map((part) =>
        constantArrivalRate(
          {
            ratePerS: part.ratePerS,
            count: Math.max(1, Math.floor((part.ratePerS * durationMs) / 1000)),
            maxInFlight: run.scenario.maxInFlight,
            signal: run.signal,
            start: async (index, dueUs) => void (await targets(part)(index, dueUs)),
            onDropped: () =>
              run.recorder.count("dropped_starts", {
                verb: part.verb,
                resource: part.resource,
                subresource: "",
                scope: part.scope,
              }),
          },
          run.clock,
        ),
      ),
    );
    phase.arrivals = results.reduce(add, { started: 0, dropped: 0, cut: 0 });
  });
}

function add(sum: ArrivalCounts, one: ArrivalCounts): ArrivalCounts {
  return { started: sum.started + one.started, dropped: sum.dropped + one.dropped, cut: sum.cut + one.cut };
}

/** How many ConfigMaps the reading and changing probes spread over. */
const seeded = 20;

/** Creates what the probes read, change and delete, and returns what each probe calls. */
async function seedObjects(run: RunContext): Promise<(part: ProbePart) => ProbeCall> {
  const namespace = probeNamespace(run.runId);
  const { durationMs, probes } = run.scenario;
  const doomed = Math.ceil(
    probes.filter((part) => part.verb === "DELETE").reduce((sum, part) => sum + (part.ratePerS * durationMs) / 1000, 0),
  );
  const create = (name: string): Promise<unknown> =>
    run.api.create(resources.configmaps, { metadata: { name }, data: { key: name } }, { namespace });
  const names = [
    ...Array.from({ length: seeded }, (_, index) => `seed-${index}`),
    ...Array.from({ length: doomed }, (_, index) => `doomed-${index}`),
  ];
  // Slow enough that preparing the probes does not leave the churn up to which the SLOs are promised.
  const ratePerS = Math.max(10, run.scenario.workload?.podRatePerS ?? 0);
  const { clock, signal } = run;
  await constantArrivalRate(
    { ratePerS, count: names.length, maxInFlight: 50, signal, start: async (i) => void (await create(names[i] ?? "")) },
    clock,
  );
  return (part) => probeCall(run, part, namespace);
}

function probeCall(run: RunContext, part: ProbePart, namespace: string): ProbeCall {
  const seed = (index: number): { namespace: string; name: string } => ({ namespace, name: `seed-${index % seeded}` });
  switch (part.verb) {
    case "POST":
      return (index, dueUs) =>
        run.api.create(
          resources.configmaps,
          { metadata: { name: `new-${index}` }, data: { key: "new" } },
          { namespace, dueUs },
        );
    case "PUT":
      return (index, dueUs) => {
        // No resourceVersion: an unconditional update, so that two probes of one object do not conflict.
        const object = { metadata: seed(index), data: { key: `put-${index}` } };
        return run.api.update(resources.configmaps, seed(index), object, { dueUs });
      };
    case "PATCH":
      return (index, dueUs) =>
        run.api.patch(resources.configmaps, seed(index), "merge", JSON.stringify({ data: { key: `patch-${index}` } }), {
          dueUs,
        });
    case "DELETE":
      return (index, dueUs) => run.api.delete(resources.configmaps, { namespace, name: `doomed-${index}` }, { dueUs });
    case "GET":
      return getCall(run, part, seed);
    case "LIST":
      return (_, dueUs) =>
        run.api.list(resources[part.resource], {
          dueUs,
          ...(part.scope === "namespace" && { namespace: listNamespace(run, part, namespace) }),
        });
  }
}

/** Pods are listed where they are. */
function listNamespace(run: RunContext, part: ProbePart, own: string): string {
  return part.resource === "pods" || part.resource === "deployments" ? (run.workload.namespaces[0] ?? own) : own;
}

function getCall(
  run: RunContext,
  part: ProbePart,
  seed: (index: number) => { namespace: string; name: string },
): ProbeCall {
  const { pools } = run.scenario.fleet;
  const pool = pools[0];
  const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];
  return (index, dueUs) => {
    if (part.resource === "nodes" && pool !== undefined) {
      return run.api.get(resources.nodes, { name: nodeName(pool, index % pool.count, run.namePrefix) }, { dueUs });
    }
    if (part.resource === "pods") {
      const slot = pick(run.workload.latency, index);
      if (slot !== undefined) return run.api.get(resources.pods, slot, { dueUs });
    }
    if (part.resource === "deployments") {
      const slot = pick(run.workload.deployments, index);
      if (slot !== undefined) return run.api.get(resources.deployments, slot, { dueUs });
    }
    return run.api.get(resources.configmaps, seed(index), { dueUs });
  };
}
