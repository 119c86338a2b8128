import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import { toCoreEvent } from "./event-conversion.ts";
import type { Strategy } from "./strategy.ts";
import { validateImmutable, validateQualifiedName } from "./validation/common.ts";
import { type FieldErrors, invalid, invalidEach, required } from "./validation/field-error.ts";
import { dnsSubdomainFaults } from "./validation/names.ts";
import { as } from "./views.ts";

// pkg/registry/core/event/strategy.go; core/validation/events.go. Events of both groups are validated in the core form.

const limits = { reportingInstance: 128, action: 128, reason: 128, message: 1024 } as const;

/** What both groups ask for. @param controllerField as the group calls the reporting controller */
function validateLegacy(object: KubeObject, controllerField: string): FieldErrors {
  const event = as<json.Event>(object);
  const { namespace = "" } = object.metadata;
  return [
    ...(event.eventTime ? validateNew(event, namespace, controllerField) : validateOld(event, namespace)),
    ...invalidEach("namespace", namespace, dnsSubdomainFaults(namespace)),
  ];
}

function mismatch(event: json.Event): FieldErrors {
  const field = "involvedObject.namespace";
  return [invalid(field, event.involvedObject?.namespace ?? "", "does not match event.namespace")];
}

/** Without eventTime: written by a client of the older sort. */
function validateOld(event: json.Event, namespace: string): FieldErrors {
  const involved = event.involvedObject?.namespace ?? "";
  const matches = involved === "" ? namespace === "" || namespace === "default" : involved === namespace;
  return matches ? [] : mismatch(event);
}

function validateNew(event: json.Event, namespace: string, controllerField: string): FieldErrors {
  const involved = event.involvedObject?.namespace ?? "";
  const { reportingComponent: controller = "", message = "" } = event;
  const isElsewhere = involved === "" && namespace !== "default" && namespace !== "kube-system";
  const needed = (["reportingInstance", "action", "reason"] as const).flatMap((member) => {
    const value = event[member] ?? "";
    if (value === "") return [required(member)];
    return validateLength(member, value);
  });
  return [
    ...(isElsewhere ? mismatch(event) : []),
    ...(controller === "" ? [required(controllerField)] : []),
    ...validateQualifiedName(controllerField, controller),
    ...needed,
    ...validateLength("message", message),
  ];
}

function validateLength(member: keyof typeof limits, value: string): FieldErrors {
  const most = limits[member];
  return Buffer.byteLength(value) > most ? [invalid(member, "", `can have at most ${most} characters`)] : [];
}

function validateSeries({ series }: json.Event): FieldErrors {
  if (series === undefined) return [];
  return [
    ...((series.count ?? 0) < 2 ? [invalid("series.count", "", "should be at least 2")] : []),
    ...(series.lastObservedTime ? [] : [required("series.lastObservedTime")]),
  ];
}

/** What events.k8s.io/v1 asks for beyond. */
function validateStrict(event: json.Event): FieldErrors {
  const { type = "", source = {} } = event;
  const unset = (member: string) => invalid(member, "", "needs to be unset");
  return [
    ...validateSeries(event),
    ...(event.eventTime ? [] : [required("eventTime")]),
    ...(type === "Normal" || type === "Warning" ? [] : [invalid("type", "", `has invalid value: ${type}`)]),
    ...(event.firstTimestamp ? [unset("firstTimestamp")] : []),
    ...(event.lastTimestamp ? [unset("lastTimestamp")] : []),
    ...(event.count ? [unset("count")] : []),
    ...(source.component || source.host ? [unset("source")] : []),
  ];
}

/** Field, and the member that holds it in the core form. */
const immutables = [
  ["involvedObject", "involvedObject"],
  ["reason", "reason"],
  ["message", "message"],
  ["source", "source"],
  ["firstTimestamp", "firstTimestamp"],
  ["lastTimestamp", "lastTimestamp"],
  ["count", "count"],
  ["reason", "reason"],
  ["type", "type"],
  ["eventTime", "eventTime"],
  ["action", "action"],
  ["related", "related"],
  ["reportingController", "reportingComponent"],
  ["reportingInstance", "reportingInstance"],
] as const;

function validateStrictUpdate(object: KubeObject, old: KubeObject): FieldErrors {
  const [event, before] = [as<json.Event>(object), as<json.Event>(old)];
  const isSame = validateImmutable("series", event.series, before.series).length === 0;
  return [
    ...(isSame ? [] : validateSeries(event)),
    ...immutables.flatMap(([field, member]) => validateImmutable(field, event[member], before[member])),
  ];
}

function coreFields(object: KubeObject): Record<string, string> {
  const event = as<json.Event>(object);
  const involved = event.involvedObject ?? {};
  return {
    "involvedObject.kind": involved.kind ?? "",
    "involvedObject.namespace": involved.namespace ?? "",
    "involvedObject.name": involved.name ?? "",
    "involvedObject.uid": involved.uid ?? "",
    "involvedObject.apiVersion": involved.apiVersion ?? "",
    "involvedObject.resourceVersion": involved.resourceVersion ?? "",
    "involvedObject.fieldPath": involved.fieldPath ?? "",
    reason: event.reason ?? "",
    reportingComponent: event.reportingComponent ?? "",
    source: event.source?.component || (event.reportingComponent ?? ""),
    type: event.type ?? "",
  };
}

export const eventStrategy: Strategy = {
  validate: (object) => validateLegacy(object, "reportingComponent"),
  validateUpdate: (object) => validateLegacy(object, "reportingComponent"),
  allowCreateOnUpdate: true,
  selectableFields: coreFields,
};

/** The names under which events.k8s.io selects (events/v1/conversion.go); it has no "source". */
function eventsFields(object: KubeObject): Record<string, string> {
  const renamed = Object.entries(coreFields(toCoreEvent(object))).map(([field, value]) => [
    field.replace(/^involvedObject\./, "regarding.").replace(/^reportingComponent$/, "reportingController"),
    value,
  ]);
  const { source: _, ...fields } = Object.fromEntries(renamed) as Record<string, string>;
  return fields;
}

export const eventsEventStrategy: Strategy = {
  validate(object) {
    const event = toCoreEvent(object);
    return [...validateLegacy(event, "reportingController"), ...validateStrict(as<json.Event>(event))];
  },
  validateUpdate(object, old) {
    const event = toCoreEvent(object);
    return [...validateLegacy(event, "reportingController"), ...validateStrictUpdate(event, toCoreEvent(old))];
  },
  allowCreateOnUpdate: true,
  selectableFields: eventsFields,
};
