import type { KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import type { Store } from "../store/store.ts";
import type { Selection } from "./selection.ts";

/** The namespace that a list or watch is limited to, by its path or its selector; "" for none. */
export function namespaceOf({ resource, namespace }: RequestInfo, selection: Selection): string {
  if (!resource.namespaced) return "";
  return namespace || (selection.required("metadata.namespace") ?? "");
}

/** All objects that a selection may match, in the order of their keys: of one by its name, only that one is looked up. */
export function candidates(store: Store, info: RequestInfo, selection: Selection): readonly KubeObject[] {
  const { resource } = info;
  const namespace = namespaceOf(info, selection);
  const name = selection.required("metadata.name");
  if (name === undefined || (resource.namespaced && namespace === "")) return store.list(resource, namespace);
  const object = store.get(resource, namespace, name);
  return object === undefined ? [] : [object];
}
