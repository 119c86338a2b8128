/** What can be done with a resource; the words are those of RBAC. */
export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";

/** One line of the table of resources: everything about it that is plain data. */
export interface ResourceInfo {
  /** "" for the core group. */
  readonly group: string;
  /** e.g. "v1" */
  readonly version: string;
  /** Plural, as in paths, e.g. "pods". */
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  /** By name; `kind`, `group` and `version` where they differ from the resource's own. */
  readonly subresources: readonly SubresourceInfo[];
  /**
   * Where its objects are stored; two resources may share them: events of "" and of events.k8s.io.
   * e.g. "pods", "deployments.apps"
   */
  readonly storageKey: string;
}

export interface SubresourceInfo {
  /** e.g. "status", "binding" */
  readonly name: string;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly Verb[];
}

/** "v1" or "apps/v1". */
export function groupVersion({ group, version }: Pick<ResourceInfo, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}
