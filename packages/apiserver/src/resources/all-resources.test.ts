import { describe, expect, it } from "vitest";
import { allResources, findResource, findSubresource, storedResource } from "./all-resources.ts";

describe("the table of resources", () => {
  it("names each path once", () => {
    const paths = allResources.map(({ group, version, resource }) => `${group}/${version}/${resource}`);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it("gives short names to one resource of a name only", () => {
    const owners = new Map<string, string>();
    for (const { shortNames, resource } of allResources) {
      for (const short of shortNames)
        expect(owners.set(short, owners.get(short) ?? resource).get(short)).toBe(resource);
    }
    expect(owners.get("po")).toBe("pods");
  });

  it("stores Events of both groups in one place, in the form of the core group", () => {
    expect(findResource("events.k8s.io", "v1", "events")?.storageKey).toBe("events");
    expect(storedResource("events")).toBe(findResource("", "v1", "events"));
    expect(storedResource("deployments.apps")?.kind).toBe("Deployment");
  });

  it("knows subresources under their own kinds", () => {
    const pods = findResource("", "v1", "pods")!;
    expect(findSubresource(pods, "eviction")).toMatchObject({ group: "policy", kind: "Eviction", verbs: ["create"] });
    expect(findSubresource(pods, "exec")).toBeUndefined();
    expect(findResource("apps", "v1", "pods")).toBeUndefined();
  });

  it("has no deletecollection for namespaces, as the real server", () => {
    expect(findResource("", "v1", "namespaces")?.verbs).not.toContain("deletecollection");
  });
});
