import { type Event, timeFromMs, timeToJson } from "@hollowfleet/wire";
import type { LoggedEvent } from "./event-correlator.ts";
import type { Occurrence } from "./event-target.ts";

/** Events of cluster-scoped objects live there (client-go/tools/record/event.go). */
export function eventNamespace(occurrence: Occurrence): string {
  return occurrence.target.namespace ?? "default";
}

/** The Event of the POST (kubelet-wire §4.1). */
export function newEvent(
  occurrence: Occurrence,
  entry: LoggedEvent,
  message: string,
  source: { readonly component: string; readonly host: string },
): Event {
  const { target, type, reason, atMs } = occurrence;
  return {
    metadata: { name: `${target.name}.${entry.suffix}`, namespace: eventNamespace(occurrence) },
    involvedObject: { ...target },
    reason,
    message,
    source: { ...source },
    firstTimestamp: { seconds: entry.firstAtS },
    lastTimestamp: timeFromMs(atMs),
    count: entry.count,
    type,
    reportingComponent: source.component,
    reportingInstance: source.host,
  };
}

/** The strategic-merge PATCH that counts an event up (kubelet-audit §1.4). */
export function countPatch(occurrence: Occurrence, entry: LoggedEvent, message: string): string {
  return JSON.stringify({ count: entry.count, lastTimestamp: timeToJson(timeFromMs(occurrence.atMs)), message });
}
