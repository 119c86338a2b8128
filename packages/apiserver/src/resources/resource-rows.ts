import type { ResourceInfo, SubresourceInfo, Verb } from "./resource-info.ts";

const allVerbs: readonly Verb[] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const changeVerbs: readonly Verb[] = ["get", "patch", "update"];

/** What of a resource does not follow from its group and kind. */
export interface ResourceRow {
  readonly resource: string;
  readonly kind: string;
  readonly short?: readonly string[];
  /** In `kubectl get all`. */
  readonly all?: true;
  readonly clusterScoped?: true;
  readonly verbs?: readonly Verb[];
  readonly subresources?: readonly SubresourceInfo[];
  /** Default: resource and group. */
  readonly storageKey?: string;
}

/** get, patch and update of a part of the object under its own kind. */
export function part(name: string, kind: string): SubresourceInfo {
  return { name, kind, verbs: changeVerbs };
}

/** The subresource status of a kind. */
export function status(kind: string): SubresourceInfo {
  return part("status", kind);
}

export const scale: SubresourceInfo = {
  name: "scale",
  kind: "Scale",
  group: "autoscaling",
  version: "v1",
  verbs: changeVerbs,
};

/** The resources of one group in the order of its discovery document. */
export function resourcesOf(group: string, version: string, rows: readonly ResourceRow[]): readonly ResourceInfo[] {
  return rows.map((row) => ({
    group,
    version,
    resource: row.resource,
    singular: row.kind.toLowerCase(),
    kind: row.kind,
    shortNames: row.short ?? [],
    categories: row.all === true ? ["all"] : [],
    namespaced: row.clusterScoped !== true,
    verbs: row.verbs ?? allVerbs,
    subresources: row.subresources ?? [],
    storageKey: row.storageKey ?? (group === "" ? row.resource : `${row.resource}.${group}`),
  }));
}
