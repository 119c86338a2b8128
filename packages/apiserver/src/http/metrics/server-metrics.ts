import type { ResourceInfo } from "../../resources/resource-info.ts";
import type { InFlight } from "../in-flight.ts";
import { CollectedFamily, exposition, type Family } from "./families.ts";
import { processFamilies } from "./process-metrics.ts";
import type { RequestMetrics } from "./request-metrics.ts";

export interface ServerMetricsSources {
  readonly requests: RequestMetrics;
  readonly inFlight: InFlight;
  readonly resources: readonly ResourceInfo[];
  readonly countObjects: (resource: ResourceInfo) => number;
}

/** Everything of /metrics. */
export class ServerMetrics {
  readonly #families: readonly Family[];

  constructor(sources: ServerMetricsSources) {
    this.#families = [
      ...sources.requests.families(),
      inFlightFamily(sources.inFlight),
      storageFamily(sources),
      ...processFamilies(),
    ];
  }

  text(): string {
    return exposition(this.#families);
  }
}

function inFlightFamily(inFlight: InFlight): Family {
  const name = "apiserver_current_inflight_requests";
  const help = "[STABLE] Most requests in flight at once in the last second, by kind.";
  return new CollectedFamily("gauge", { name, help, labels: ["request_kind"] }, () => {
    const { mutating, readOnly } = inFlight.watermarks();
    return [
      [["mutating"], mutating],
      [["readOnly"], readOnly],
    ];
  });
}

function storageFamily({ resources, countObjects }: ServerMetricsSources): Family {
  const stored = new Map<string, ResourceInfo>();
  for (const resource of resources) {
    if (resource.verbs.includes("list") && !stored.has(resource.storageKey)) stored.set(resource.storageKey, resource);
  }
  const help = "[STABLE] Stored objects by kind.";
  return new CollectedFamily("gauge", { name: "apiserver_storage_objects", help, labels: ["resource"] }, () =>
    [...stored].map(([key, resource]) => [[key], countObjects(resource)] as const),
  );
}
