import { createHash } from "node:crypto";
import { groupVersion, type ResourceInfo, type SubresourceInfo } from "../../resources/resource-info.ts";

// The documents of discovery, as api/discovery of Kubernetes has them.

type Json = Readonly<Record<string, unknown>>;

/** One served version of one group, with its resources in their order. */
export interface ServedVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly ResourceInfo[];
}

/** Groups and versions in the order in which the resources name them first. */
export function servedVersions(resources: readonly ResourceInfo[]): readonly ServedVersion[] {
  const found = new Map<string, ResourceInfo[]>();
  for (const resource of resources) {
    const key = groupVersion(resource);
    const known = found.get(key);
    if (known === undefined) found.set(key, [resource]);
    else known.push(resource);
  }
  return [...found.values()].map((own) => ({
    group: own[0]?.group ?? "",
    version: own[0]?.version ?? "",
    resources: [...own].sort((a, b) => (a.resource < b.resource ? -1 : 1)),
  }));
}

/** GET /api */
export function apiVersions(serverAddress: string): Json {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  };
}

/** One member of GET /apis; with kind and apiVersion GET /apis/GROUP. */
function apiGroup(name: string, served: readonly ServedVersion[]): Json {
  const versions = served
    .filter(({ group }) => group === name)
    .map((own) => ({ groupVersion: groupVersion(own), version: own.version }));
  return { name, versions, preferredVersion: versions[0] };
}

function groupNames(served: readonly ServedVersion[]): readonly string[] {
  return [...new Set(served.map(({ group }) => group))].filter((group) => group !== "");
}

/** GET /apis */
export function apiGroupList(served: readonly ServedVersion[]): Json {
  return { kind: "APIGroupList", apiVersion: "v1", groups: groupNames(served).map((name) => apiGroup(name, served)) };
}

/** GET /apis/GROUP, undefined for one that is not served */
export function apiGroupDocument(name: string, served: readonly ServedVersion[]): Json | undefined {
  if (!groupNames(served).includes(name)) return undefined;
  return { kind: "APIGroup", apiVersion: "v1", ...apiGroup(name, served) };
}

/** GET /api/v1, GET /apis/GROUP/VERSION */
export function apiResourceList(served: ServedVersion): Json {
  return {
    kind: "APIResourceList",
    ...(served.group !== "" && { apiVersion: "v1" }),
    groupVersion: groupVersion(served),
    resources: served.resources.flatMap((resource) => [
      apiResource(resource),
      ...sortedSubresources(resource).map((subresource) => apiSubresource(resource, subresource)),
    ]),
  };
}

function sortedSubresources({ subresources }: ResourceInfo): readonly SubresourceInfo[] {
  return [...subresources].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function apiResource(resource: ResourceInfo): Json {
  const { shortNames, categories } = resource;
  return {
    name: resource.resource,
    singularName: resource.singular,
    namespaced: resource.namespaced,
    kind: resource.kind,
    verbs: sorted(resource.verbs),
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    // What is not stored has none.
    ...(resource.verbs.includes("get") && { storageVersionHash: storageVersionHash(resource) }),
  };
}

function apiSubresource(resource: ResourceInfo, { name, kind, group, version, verbs }: SubresourceInfo): Json {
  return {
    name: `${resource.resource}/${name}`,
    singularName: "",
    namespaced: resource.namespaced,
    ...(group !== undefined && { group }),
    ...(version !== undefined && { version }),
    kind,
    verbs: sorted(verbs),
  };
}

function sorted(verbs: readonly string[]): readonly string[] {
  return [...verbs].sort();
}

/** apiserver/pkg/endpoints/discovery/storageversionhash.go. Events of both groups are stored as those of the core group. */
function storageVersionHash({ group, version, kind, storageKey }: ResourceInfo): string {
  const storedGroup = storageKey === "events" ? "" : group;
  return createHash("sha256").update(`${storedGroup}/${version}/${kind}`).digest().subarray(0, 8).toString("base64");
}

/** The aggregated document of /api or /apis (endpoints/installer.go, ConvertGroupVersionIntoToDiscovery). */
export function groupDiscoveryList(served: readonly ServedVersion[]): Json {
  const groups = [...new Set(served.map(({ group }) => group))];
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: groups.map((name) => ({
      metadata: name === "" ? {} : { name },
      versions: served.filter(({ group }) => group === name).map(versionDiscovery),
    })),
  };
}

function versionDiscovery({ version, resources }: ServedVersion): Json {
  return { version, resources: resources.map(resourceDiscovery), freshness: "Current" };
}

function resourceDiscovery(resource: ResourceInfo): Json {
  const { shortNames, categories, subresources } = resource;
  return {
    resource: resource.resource,
    responseKind: { group: "", version: "", kind: resource.kind },
    scope: resource.namespaced ? "Namespaced" : "Cluster",
    singularResource: resource.singular,
    verbs: sorted(resource.verbs),
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(subresources.length > 0 && {
      subresources: sortedSubresources(resource).map(({ name, kind, group = "", version = "", verbs }) => ({
        subresource: name,
        responseKind: { group, version, kind },
        verbs: sorted(verbs),
      })),
    }),
  };
}
