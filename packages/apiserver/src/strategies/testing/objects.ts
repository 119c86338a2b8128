import { normalizeJson } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import type { ServiceAllocator } from "../service/service-allocator.ts";
import type { Strategy, StrategyContext } from "../strategy.ts";
import type { FieldErrors } from "../validation/field-error.ts";

/** A body as the door hands it on: in the form that Go would give it. */
export function object(apiVersion: string, kind: string, members: Readonly<Record<string, unknown>> = {}): KubeObject {
  const { metadata = {}, ...rest } = members;
  const meta = { name: "x", namespace: "ns", uid: "u1", ...(metadata as object) };
  return normalizeJson({ apiVersion, kind, metadata: meta, ...rest } as never) as unknown as KubeObject;
}

export function podObject(spec: object = {}, metadata: object = {}): KubeObject {
  return object("v1", "Pod", { metadata, spec: { containers: [{ name: "c", image: "app:1" }], ...spec } });
}

/** A workload whose selector and template agree. */
export function workload(apiVersion: string, kind: string, spec: object = {}): KubeObject {
  const template = { metadata: { labels: { app: "a" } }, spec: { containers: [{ name: "c", image: "app:1" }] } };
  return object(apiVersion, kind, { spec: { selector: { matchLabels: { app: "a" } }, template, ...spec } });
}

export function testContext(services?: ServiceAllocator): StrategyContext {
  return {
    nowMs: Date.parse("2026-01-02T03:04:05.678Z"),
    user: { name: "tester", groups: ["testers"] },
    ...(services !== undefined && { services }),
  };
}

/** As the create verb does it. */
export function created(strategy: Strategy, body: KubeObject, context: StrategyContext = testContext()): KubeObject {
  const made = structuredClone(body);
  strategy.defaults?.(made);
  strategy.prepareForCreate?.(made, context);
  return made;
}

/** What validation says of a body that would be created: "field: message" each. */
export function createFaults(strategy: Strategy, body: KubeObject): string[] {
  return texts(strategy.validate?.(created(strategy, body)) ?? []);
}

/** A stored object after a change, as the update verb prepares it. */
export function updated(strategy: Strategy, old: KubeObject, change: (object: KubeObject) => void): KubeObject {
  const made = structuredClone(old);
  change(made);
  strategy.defaults?.(made);
  strategy.prepareForUpdate?.(made, old, testContext());
  return made;
}

export function updateFaults(strategy: Strategy, old: KubeObject, change: (object: KubeObject) => void): string[] {
  return texts(strategy.validateUpdate?.(updated(strategy, old, change), old) ?? []);
}

/** The same for subresource status. */
export function statusFaults(strategy: Strategy, old: KubeObject, status: object): string[] {
  const made = { ...structuredClone(old), status: structuredClone(status) };
  strategy.prepareForStatusUpdate?.(made, old, testContext());
  return texts(strategy.validateStatusUpdate?.(made, old) ?? []);
}

function texts(faults: FieldErrors): string[] {
  return faults.map(({ field, message }) => `${field}: ${message}`);
}
