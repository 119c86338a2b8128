import { describe, expect, it } from "vitest";
import { parseResourcePath } from "./request-path.ts";

function parsed(path: string): string | undefined {
  const found = parseResourcePath(path);
  if (found === undefined) return undefined;
  const { group, version, resource, namespace, name, subresource, rest } = found;
  return [group, version, resource, namespace, name, subresource, ...rest].join("|");
}

describe("parseResourcePath", () => {
  // The cases of apiserver/pkg/endpoints/request/requestinfo_test.go.
  it.each([
    ["/api/v1/namespaces", "|v1|namespaces|||"],
    ["/api/v1/namespaces/other", "|v1|namespaces|other|other|"],
    ["/api/v1/namespaces/other/pods", "|v1|pods|other||"],
    ["/api/v1/namespaces/other/pods/foo", "|v1|pods|other|foo|"],
    ["/api/v1/namespaces/other/pods/foo/status", "|v1|pods|other|foo|status"],
    ["/api/v1/namespaces/other/status", "|v1|namespaces|other|other|status"],
    ["/api/v1/namespaces/other/finalize", "|v1|namespaces|other|other|finalize"],
    ["/api/v1/pods", "|v1|pods|||"],
    ["/api/v1/nodes/n/proxy/a/b", "|v1|nodes||n|proxy|a|b"],
    ["/apis/apps/v1/namespaces/ns/deployments/d/scale", "apps|v1|deployments|ns|d|scale"],
    ["/apis/apps/v1/deployments/", "apps|v1|deployments|||"],
  ])("reads %s", (path, expected) => {
    expect(parsed(path)).toBe(expected);
  });

  it.each([["/"], ["/api"], ["/api/v1"], ["/apis"], ["/apis/apps"], ["/apis/apps/v1"], ["/version"], ["/apiv1/x/y"]])(
    "takes %s for no resource",
    (path) => {
      expect(parsed(path)).toBeUndefined();
    },
  );
});
