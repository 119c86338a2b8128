import { mediaTypes } from "@hollowfleet/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goDuration } from "./go-duration.ts";
import { encodeQuery } from "./query.ts";
import { deleteCollectionRequest, listRequest, patchRequest, watchRequest } from "./request.ts";
import { resourcePath, resources } from "./resource.ts";
import { parseRetryAfter } from "./response-head.ts";

describe("paths", () => {
  it.each([
    [resources.nodes, { name: "n", subresource: "status" }, "/api/v1/nodes/n/status"],
    [resources.pods, {}, "/api/v1/pods"],
    [resources.pods, { namespace: "ns" }, "/api/v1/namespaces/ns/pods"],
    [
      resources.leases,
      { namespace: "kube-node-lease", name: "n" },
      "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n",
    ],
    [resources.eventsV1, { namespace: "default" }, "/apis/events.k8s.io/v1/namespaces/default/events"],
    [
      resources.clusterroles,
      { name: "system:node/../x" },
      "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node%2F..%2Fx",
    ],
    [resources.nodes, { namespace: "ignored", name: "n" }, "/api/v1/nodes/n"],
  ])("%#", (resource, where, path) => {
    expect(resourcePath(resource, where)).toBe(path);
  });
});

describe("queries", () => {
  it("are sorted, and escaped as Go does", () => {
    expect(encodeQuery({ b: "spec.clusterIP!=None", a: "x (y)*'z'~-_.", empty: "", no: false, zero: 0, n: 5 })).toBe(
      "?a=x%20%28y%29%2A%27z%27~-_.&b=spec.clusterIP%21%3DNone&n=5",
    );
  });

  it("can be read back whatever the values are", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-zA-Z]{1,9}$/), fc.string({ minLength: 1, unit: "grapheme" })),
        (values) => {
          expect(Object.fromEntries(new URLSearchParams(encodeQuery(values)))).toEqual({ ...values });
        },
      ),
    );
  });

  it.each([
    [0, "0s"],
    [59, "59s"],
    [587, "9m47s"],
    [600, "10m0s"],
    [3571, "59m31s"],
    [3600, "1h0m0s"],
  ])("write %i s as %s", (seconds, text) => {
    expect(goDuration(seconds)).toBe(text);
  });
});

describe("scopes are the API server's", () => {
  it.each([
    [listRequest(resources.pods, {}, undefined), "cluster"],
    [listRequest(resources.pods, { namespace: "ns" }, undefined), "namespace"],
    [watchRequest(resources.configmaps, { namespace: "ns", fieldSelector: "metadata.name=x" }, undefined), "resource"],
    [
      watchRequest(resources.configmaps, { namespace: "ns", fieldSelector: "metadata.name!=x" }, undefined),
      "namespace",
    ],
    [watchRequest(resources.pods, { fieldSelector: "spec.nodeName=n" }, undefined), "cluster"],
    [deleteCollectionRequest(resources.pods, { namespace: "ns" }, undefined), "namespace"],
    [patchRequest(resources.nodes, { name: "n" }, "merge", "{}", {}, undefined), "resource"],
  ] as const)("%#", (request, scope) => {
    expect(request.scope).toBe(scope);
  });
});

it("each patch type has its content type", () => {
  const types = (["strategic", "merge", "json", "apply"] as const).map(
    (type) => patchRequest(resources.nodes, { name: "n" }, type, "{}", {}, undefined).contentType,
  );
  expect(types).toEqual([
    mediaTypes.strategicMergePatch,
    mediaTypes.mergePatch,
    mediaTypes.jsonPatch,
    mediaTypes.applyPatch,
  ]);
});

it.each([
  ["3", 3000],
  ["0", 0],
  ["Wed, 21 Oct 2015 07:28:00 GMT", undefined],
  ["-1", undefined],
  [undefined, undefined],
])("Retry-After '%s' is %s ms", (value, ms) => {
  expect(parseRetryAfter(value)).toBe(ms);
});
