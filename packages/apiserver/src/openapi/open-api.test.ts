import { describe, expect, test } from "vitest";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { createOpenApi } from "./open-api.ts";

const verbs: ResourceInfo["verbs"] = [
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
];
const common = { version: "v1", shortNames: [], categories: [], verbs };
const resources: readonly ResourceInfo[] = [
  {
    ...common,
    group: "",
    resource: "pods",
    singular: "pod",
    kind: "Pod",
    namespaced: true,
    storageKey: "pods",
    subresources: [
      { name: "status", kind: "Pod", verbs: ["get", "patch", "update"] },
      { name: "eviction", kind: "Eviction", group: "policy", version: "v1", verbs: ["create"] },
    ],
  },
  {
    ...common,
    group: "apps",
    resource: "deployments",
    singular: "deployment",
    kind: "Deployment",
    namespaced: true,
    storageKey: "deployments.apps",
    subresources: [],
  },
];

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties?: Record<string, object> }>> };
}

const openApi = createOpenApi(resources);
const read = (path: string) => JSON.parse(openApi.document(path)?.body.toString() ?? "null") as Document;

describe("createOpenApi", () => {
  test("the index names a document for every group version, by its hash", () => {
    const { paths } = read("/openapi/v3") as unknown as { paths: Record<string, { serverRelativeURL: string }> };
    expect(Object.keys(paths)).toEqual(["api/v1", "apis/apps/v1"]);
    const document = openApi.document("/openapi/v3/apis/apps/v1");
    expect(paths["apis/apps/v1"]?.serverRelativeURL).toBe(`/openapi/v3/apis/apps/v1?hash=${document?.etag}`);
    expect(document?.etag).toMatch(/^[0-9A-F]{128}$/);
    expect(document?.location).toBe(paths["apis/apps/v1"]?.serverRelativeURL);
  });

  test("what is not served has no document", () => {
    for (const path of ["/openapi/v2", "/openapi/v3/", "/openapi/v3/apis/apps/v2", "/openapi/v3x"]) {
      expect(openApi.document(path)).toBeUndefined();
    }
  });

  test("PATCH knows fieldValidation and strategic merge patches, for which kubectl looks", () => {
    const item = read("/openapi/v3/apis/apps/v1").paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"];
    expect(Object.keys(item ?? {})).toEqual(["get", "put", "patch", "delete"]);
    expect(item?.["patch"]).toMatchObject({
      parameters: expect.arrayContaining([expect.objectContaining({ in: "query", name: "fieldValidation" })]),
      requestBody: { content: { "application/strategic-merge-patch+json": expect.anything() } },
      "x-kubernetes-action": "patch",
      "x-kubernetes-group-version-kind": { group: "apps", version: "v1", kind: "Deployment" },
    });
  });

  test("subresources name the kind that they take", () => {
    const { paths } = read("/openapi/v3/api/v1");
    const eviction = paths["/api/v1/namespaces/{namespace}/pods/{name}/eviction"];
    expect(Object.keys(eviction ?? {})).toEqual(["post"]);
    expect(eviction?.["post"]?.["x-kubernetes-group-version-kind"]).toMatchObject({
      group: "policy",
      kind: "Eviction",
    });
    expect(Object.keys(paths["/api/v1/pods"] ?? {})).toEqual(["get"]);
  });

  test("every schema referred to is there, with what patches need", () => {
    for (const path of ["/openapi/v3/api/v1", "/openapi/v3/apis/apps/v1"]) {
      const document = read(path);
      const refs = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([\w.]+)"/g)].map(
        ([, name]) => name,
      );
      for (const name of refs) expect(document.components.schemas).toHaveProperty([name ?? ""]);
    }
    const { schemas } = read("/openapi/v3/api/v1").components;
    expect(schemas["io.k8s.api.core.v1.PodSpec"]?.properties?.["containers"]).toMatchObject({
      "x-kubernetes-patch-merge-key": "name",
      "x-kubernetes-patch-strategy": "merge",
    });
    expect(schemas["io.k8s.api.core.v1.Pod"]).toMatchObject({
      "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "Pod" }],
    });
  });
});
