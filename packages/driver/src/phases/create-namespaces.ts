import { resources } from "@hollowfleet/client";
import { constantArrivalRate } from "../executors/constant-arrival-rate.ts";
import type { RunContext } from "../run-context.ts";
import { until } from "../until.ts";
import { namespaceObject } from "../workload.ts";

/** Namespaces per second: each makes the controllers create a ServiceAccount and a ConfigMap. */
const ratePerS = 10;

/** Creates the run's namespaces and waits for their default ServiceAccount, without which no pod is admitted. */
export async function createNamespaces(run: RunContext): Promise<void> {
  const { namespaces } = run.workload;
  await run.phases.run("create namespaces", (namespaces.length / ratePerS) * 1000, async () => {
    const failures: unknown[] = [];
    await constantArrivalRate(
      {
        ratePerS,
        count: namespaces.length,
        maxInFlight: run.scenario.maxInFlight,
        signal: run.signal,
        start: async (index, dueUs) => {
          const name = namespaces[index] ?? "";
          await run.api
            .create(resources.namespaces, namespaceObject(name, run.runId), { dueUs })
            .catch((reason: unknown) => failures.push(reason));
        },
      },
      run.clock,
    );
    if (failures.length > 0) throw failures[0];
    await Promise.all(namespaces.map((name) => serviceAccount(run, name)));
  });
}

async function serviceAccount(run: RunContext, namespace: string): Promise<void> {
  let there = false;
  let asking = false;
  const ask = (): boolean => {
    if (!there && !asking) {
      asking = true;
      run.api
        .get(resources.serviceaccounts, { namespace, name: "default" })
        .then(
          () => {
            there = true;
          },
          () => undefined,
        )
        .finally(() => {
          asking = false;
        });
    }
    return there;
  };
  await until(run.clock, ask, {
    timeoutMs: 60_000,
    signal: run.signal,
    intervalMs: 250,
    goal: `the default ServiceAccount of namespace ${namespace}`,
    reached: () => "it is not there; does the controller-manager run?",
  });
}
