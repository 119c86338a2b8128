import type { ResourceInfo, Verb } from "./resources/resource-info.ts";

/** Who asks, as authentication and impersonation left it. */
export interface UserInfo {
  /** e.g. system:node:hollow-00001 */
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** A request to a resource, read from method, path and query. */
export interface RequestInfo {
  readonly verb: Verb;
  readonly resource: ResourceInfo;
  /** "" where there is none. */
  readonly subresource: string;
  /** "" for cluster-scoped resources and across all namespaces. */
  readonly namespace: string;
  /** "" for collections; on create only what the path of a subresource names. */
  readonly name: string;
  /** The query's text of list, watch and deletecollection, not yet parsed: nodes may read by spec.nodeName only. */
  readonly fieldSelector?: string;
  readonly user: UserInfo;
}
