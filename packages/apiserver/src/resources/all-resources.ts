import { coreResources } from "./core-resources.ts";
import { groupResources } from "./group-resources.ts";
import type { ResourceInfo, SubresourceInfo } from "./resource-info.ts";

/** Every resource that this server serves: the core group first, then the groups in the order of /apis. */
export const allResources: readonly ResourceInfo[] = [...coreResources, ...groupResources];

const byPath = new Map(allResources.map((info) => [`${info.group}/${info.version}/${info.resource}`, info]));

/** @param group "" for the core group @param resource plural, as in paths */
export function findResource(group: string, version: string, resource: string): ResourceInfo | undefined {
  return byPath.get(`${group}/${version}/${resource}`);
}

const byStorageKey = new Map(
  // The first one wins: events are stored in the form of the core group.
  [...allResources].reverse().map((info) => [info.storageKey, info]),
);

/** The resource in whose form the objects of a storage key are stored, e.g. of "deployments.apps". */
export function storedResource(storageKey: string): ResourceInfo | undefined {
  return byStorageKey.get(storageKey);
}

export function findSubresource(resource: ResourceInfo, name: string): SubresourceInfo | undefined {
  return resource.subresources.find((subresource) => subresource.name === name);
}
