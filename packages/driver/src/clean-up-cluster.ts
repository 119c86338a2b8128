import { type ApiClient, resources } from "@hollowfleet/client";
import { systemClock } from "@hollowfleet/core";
import { runLabel } from "@hollowfleet/fleet";
import { connectExisting } from "./existing-target.ts";
import { cleanUp, type Leftovers } from "./phases/clean-up.ts";
import type { TargetChoice } from "./run-options.ts";

/** One run that was cleaned up after. */
export interface CleanedRun {
  readonly run: string;
  readonly left: Leftovers;
}

/** Deletions per second. */
const ratePerS = 50;

/**
 * Removes what runs left behind in a cluster that we did not start: of one run, or of every run that it finds by label.
 * A run that is still going is not told apart: its objects carry the same label.
 */
export async function cleanUpCluster(
  choice: Extract<TargetChoice, { kind: "kubeconfig" }>,
  runId: string | undefined,
  signal: AbortSignal,
): Promise<CleanedRun[]> {
  const existing = await connectExisting(choice);
  const api = existing.connect();
  try {
    const runs = runId === undefined ? await runsIn(api) : [runId];
    const cleaned: CleanedRun[] = [];
    for (const run of runs) {
      const left = await cleanUp({ api, clock: systemClock, runId: run, ratePerS, timeoutMs: 300_000, signal });
      cleaned.push({ run, left });
    }
    return cleaned;
  } finally {
    existing.close();
  }
}

/** The ids of all runs that namespaces and nodes are labelled with. */
async function runsIn(api: ApiClient): Promise<string[]> {
  const [namespaces, nodes] = await Promise.all([
    api.list(resources.namespaces, { labelSelector: runLabel }),
    api.list(resources.nodes, { labelSelector: runLabel }),
  ]);
  const ids = [...namespaces.items, ...nodes.items].map((item) => item.object.metadata?.labels?.[runLabel] ?? "");
  return [...new Set(ids)].filter((id) => id !== "").sort();
}
