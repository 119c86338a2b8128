import type { KubeObject } from "../object.ts";

/** Members that the two groups name differently: of "" and of events.k8s.io (pkg/apis/events/v1/conversion.go). */
const pairs: readonly (readonly [core: string, events: string])[] = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
  ["reportingComponent", "reportingController"],
];

const toCore: ReadonlyMap<string, string> = new Map(pairs.map(([core, events]) => [events, core]));
const toEvents: ReadonlyMap<string, string> = new Map(pairs);

function rename(object: KubeObject, apiVersion: string, names: ReadonlyMap<string, string>): KubeObject {
  if (object.apiVersion === apiVersion) return object;
  const members = Object.entries(object).map(([name, value]) => [names.get(name) ?? name, value]);
  return { ...(Object.fromEntries(members) as KubeObject), apiVersion };
}

/** The Event of the core group; the object itself if it is one. */
export function toCoreEvent(event: KubeObject): KubeObject {
  return rename(event, "v1", toCore);
}

/** The Event of events.k8s.io; the object itself if it is one. */
export function toEventsEvent(event: KubeObject): KubeObject {
  return rename(event, "events.k8s.io/v1", toEvents);
}
