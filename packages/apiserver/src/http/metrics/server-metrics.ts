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
      ...storageFamilies(sources),
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

/** Numbers of objects; the second name is that of 1.36, the first that of releases before. */
function storageFamilies({ resources, countObjects }: ServerMetricsSources): readonly Family[] {
  const stored = [...new Map(resources.toReversed().map((resource) => [resource.storageKey, resource])).values()]
    .filter(({ verbs }) => verbs.includes("list"))
    .reverse();
  const help = "[STABLE] Stored objects by kind.";
  return [
    new CollectedFamily("gauge", { name: "apiserver_storage_objects", help, labels: ["resource"] }, () =>
      stored.map((resource) => [[resource.storageKey], countObjects(resource)] as const),
    ),
    new CollectedFamily("gauge", { name: "apiserver_resource_objects", help, labels: ["group", "resource"] }, () =>
      stored.map((own) => [[own.group, own.resource], countObjects(own)] as const),
    ),
  ];
}
