import type { KubeObject, ObjectMeta } from "../../object.ts";
import type { RequestInfo, UserInfo } from "../../request-info.ts";
import { findResource } from "../../resources/all-resources.ts";
import type { ResourceInfo, Verb } from "../../resources/resource-info.ts";
import { createMemoryStore, type MemoryStore } from "../../store/memory-store.ts";

/** A store of tests whose clock stands still. */
export function emptyStore(): MemoryStore {
  return createMemoryStore({ nowMs: () => 0 });
}

const versions: Readonly<Record<string, string>> = { "": "v1" };

/** "pods", "leases.coordination.k8s.io"; those that this server does not serve are made up. */
function resourceNamed(qualified: string): ResourceInfo {
  const [resource = "", ...rest] = qualified.split(".");
  const group = rest.join(".");
  const version = versions[group] ?? "v1";
  const found = findResource(group, version, resource);
  return (
    found ?? {
      group,
      version,
      resource,
      singular: resource,
      kind: resource,
      shortNames: [],
      categories: [],
      namespaced: true,
      verbs: [],
      subresources: [],
      storageKey: qualified,
    }
  );
}

/** What a test says of a request; all else is empty. */
export interface Asked {
  readonly namespace?: string;
  readonly name?: string;
  readonly fieldSelector?: string;
}

/** @param target "pods", "pods/status", "leases.coordination.k8s.io" */
export function request(user: UserInfo, verb: Verb, target: string, asked: Asked = {}): RequestInfo {
  const [qualified = "", subresource = ""] = target.split("/");
  return { user, verb, resource: resourceNamed(qualified), subresource, namespace: "", name: "", ...asked };
}

/** @param members of the object beside kind and metadata */
export function put(
  store: MemoryStore,
  qualified: string,
  metadata: ObjectMeta,
  members: Readonly<Record<string, unknown>> = {},
): KubeObject {
  const resource = resourceNamed(qualified);
  const object: KubeObject = {
    apiVersion: resource.group === "" ? resource.version : `${resource.group}/${resource.version}`,
    kind: resource.kind,
    metadata: { ...metadata },
    ...members,
  };
  const { namespace = "", name = "" } = metadata;
  if (store.get(resource, namespace, name) === undefined) return store.create(resource, object);
  return store.update(resource, object);
}

export function remove(store: MemoryStore, qualified: string, namespace: string, name: string): void {
  store.delete(resourceNamed(qualified), namespace, name);
}

export function nodeUser(name: string): UserInfo {
  return { name: `system:node:${name}`, groups: ["system:nodes", "system:authenticated"] };
}

export function plainUser(name: string, ...groups: string[]): UserInfo {
  return { name, groups: [...groups, "system:authenticated"] };
}
