import type { OwnerReference } from "./types.ts";

/** What every object has, as far as it is read here. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: KubeMeta;
}

interface KubeMeta {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string | null;
  readonly deletionTimestamp?: string | null;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

/** "namespace/name", or the bare name of what is in no namespace. */
export function keyOf({ metadata }: KubeObject): string {
  return joinKey(metadata?.namespace, metadata?.name);
}

export function joinKey(namespace: string | undefined, name: string | undefined): string {
  return namespace === undefined || namespace === "" ? (name ?? "") : `${namespace}/${name ?? ""}`;
}

export function nameOf({ metadata }: KubeObject): string {
  return metadata?.name ?? "";
}

export function namespaceOf({ metadata }: KubeObject): string {
  return metadata?.namespace ?? "";
}

export function uidOf({ metadata }: KubeObject): string {
  return metadata?.uid ?? "";
}

export function isBeingDeleted({ metadata }: KubeObject): boolean {
  return metadata?.deletionTimestamp !== undefined && metadata.deletionTimestamp !== null;
}

export function hasFinalizer({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata?.finalizers?.includes(finalizer) ?? false;
}

/** The one owner that manages the object, if any. */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata?.ownerReferences?.find((reference) => reference.controller === true);
}

/** An owner reference to the object that manages what bears it (metav1.NewControllerRef). */
export function controllerReference(owner: KubeObject, apiVersion: string, kind: string): OwnerReference {
  return {
    apiVersion,
    kind,
    name: nameOf(owner),
    uid: uidOf(owner),
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The object with changed metadata. */
export function withMetadata<T extends KubeObject>(object: T, changes: Partial<NonNullable<T["metadata"]>>): T {
  return { ...object, metadata: { ...object.metadata, ...changes } };
}

/** The object with a changed spec. */
export function withSpec<T extends { readonly spec?: object }>(object: T, changes: Partial<NonNullable<T["spec"]>>): T {
  return { ...object, spec: { ...object.spec, ...changes } };
}

/** A time as the API writes it, in whole seconds: "2026-01-02T03:04:05Z". */
export function timestamp(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
}

/** Milliseconds since the Unix epoch; undefined for an absent time. */
export function timeMs(text: string | null | undefined): number | undefined {
  if (text === undefined || text === null || text === "") return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Older first, then by name: ReplicaSetsByCreationTimestamp (pkg/controller/controller_utils.go). */
export function byAge(a: KubeObject, b: KubeObject): number {
  const older = (timeMs(a.metadata?.creationTimestamp) ?? 0) - (timeMs(b.metadata?.creationTimestamp) ?? 0);
  return older !== 0 ? older : compareText(nameOf(a), nameOf(b));
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
