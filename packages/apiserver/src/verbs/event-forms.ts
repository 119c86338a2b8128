import { normalizeJson } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { toCoreEvent, toEventsEvent } from "../strategies/event-conversion.ts";

/** Each stored Event has one converted form, so that its encodings can be kept. */
const converted = new WeakMap<KubeObject, KubeObject>();

/** Events are one resource under two names, stored in the form of the core group. */
export function hasOtherForm({ group, storageKey }: ResourceInfo): boolean {
  return storageKey === "events" && group !== "";
}

/** The form in which objects of a resource are stored: for all but events.k8s.io the object itself. */
export function toStored(resource: ResourceInfo, object: KubeObject): KubeObject {
  return hasOtherForm(resource) ? normal(toCoreEvent(object)) : object;
}

/** A stored object in the form of the resource through which it is asked for. */
export function fromStored(resource: ResourceInfo, object: KubeObject): KubeObject {
  if (!hasOtherForm(resource)) return object;
  const known = converted.get(object);
  if (known !== undefined) return known;
  const made = normal(toEventsEvent(object));
  converted.set(object, made);
  return made;
}

/** The two forms also differ in what they write when it is empty. */
function normal(event: KubeObject): KubeObject {
  return normalizeJson(event) as unknown as KubeObject;
}
