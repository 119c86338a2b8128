import type { KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import type { ApiContext } from "./api-context.ts";
import type { Selection } from "./selection.ts";

/** The namespace that a list or watch is limited to, by its path or its selector; "" for none. */
export function namespaceOf({ resource, namespace }: RequestInfo, selection: Selection): string {
  if (!resource.namespaced) return "";
  return namespace || (selection.required("metadata.namespace") ?? "");
}

/**
 * Objects of now among which are all that a selection matches, in the order of their keys. One that is named is looked up;
 * pods of one node are found by their index.
 */
export function candidates(context: ApiContext, info: RequestInfo, selection: Selection): readonly KubeObject[] {
  const { store, podsByNode } = context;
  const { resource } = info;
  const namespace = namespaceOf(info, selection);
  const name = selection.required("metadata.name");
  if (name !== undefined && (!resource.namespaced || namespace !== "")) {
    const object = store.get(resource, namespace, name);
    return object === undefined ? [] : [object];
  }
  const nodeName = resource.storageKey === "pods" ? selection.required("spec.nodeName") : undefined;
  return nodeName === undefined ? store.list(resource, namespace) : podsByNode.list(resource, nodeName);
}
