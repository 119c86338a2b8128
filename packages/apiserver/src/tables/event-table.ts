import type { json } from "@hollowfleet/wire";
import { column, type Now, type Printer, wideColumn } from "./printer.ts";

/** Columns and cells of events of both groups (pkg/printers/internalversion/printers.go, printEvent). */
export const eventPrinter: Printer<json.Event | json.EventsEvent> = {
  columns: [
    column("Last Seen", "Time since the event last happened."),
    column("Type", "Normal or Warning."),
    column("Reason", "Why the event happened, in one word."),
    column("Object", "What the event is about."),
    wideColumn("Subobject", "The part of the object that the event is about."),
    wideColumn("Source", "Who reported the event."),
    column("Message", "What happened."),
    wideColumn("First Seen", "Time since the event first happened."),
    wideColumn("Count", "How often the event happened."),
    column("Name", "Name of the event.", { format: "name", priority: 1 }),
  ],
  cells(event, now) {
    const { about = {}, component, host, message = "", count, ...facts } = factsOf(event);
    const { kind = "", name, fieldPath = "" } = about;
    const first = now.since(facts.first || event.eventTime);
    const source = component || facts.controller || "";
    const instance = host || event.reportingInstance;
    return [
      lastSeen(event, facts.last, first, now),
      event.type ?? "",
      event.reason ?? "",
      name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase(),
      fieldPath,
      instance ? `${source}, ${instance}` : source,
      message.trim(),
      first,
      event.series?.count ?? (count || 1),
      event.metadata?.name ?? "",
    ];
  },
};

/** What the two groups call differently. */
interface EventFacts {
  readonly about?: json.ObjectReference | undefined;
  readonly component?: string | undefined;
  readonly host?: string | undefined;
  readonly controller?: string | undefined;
  readonly message?: string | undefined;
  readonly first?: string | null | undefined;
  readonly last?: string | null | undefined;
  readonly count?: number | undefined;
}

function factsOf(event: json.Event | json.EventsEvent): EventFacts {
  if (isOfEventsGroup(event)) {
    return {
      about: event.regarding,
      component: event.deprecatedSource?.component,
      host: event.deprecatedSource?.host,
      controller: event.reportingController,
      message: event.note,
      first: event.deprecatedFirstTimestamp,
      last: event.deprecatedLastTimestamp,
      count: event.deprecatedCount,
    };
  }
  return {
    about: event.involvedObject,
    component: event.source?.component,
    host: event.source?.host,
    controller: event.reportingComponent,
    message: event.message,
    first: event.firstTimestamp,
    last: event.lastTimestamp,
    count: event.count,
  };
}

function isOfEventsGroup(event: json.Event | json.EventsEvent): event is json.EventsEvent {
  return event.apiVersion === "events.k8s.io/v1";
}

function lastSeen(
  event: json.Event | json.EventsEvent,
  last: string | null | undefined,
  first: string,
  now: Now,
): string {
  if (event.series) return now.since(event.series.lastObservedTime);
  return last ? now.since(last) : first;
}
