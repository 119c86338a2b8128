import { describe, expect, it } from "vitest";
import { accessOf, requiredValue } from "./access.ts";
import { nodeUser, request } from "./testing/cluster.ts";

const user = nodeUser("a");

describe("requiredValue", () => {
  it.each([
    ["spec.nodeName=a", "a"],
    ["spec.nodeName==a", "a"],
    ["status.phase!=Failed,spec.nodeName=a", "a"],
    ["spec.nodeName=a\\,b\\=c\\\\", "a,b=c\\"],
    ["spec.nodeName!=a", undefined],
    ["metadata.name=spec.nodeName", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("of %s is %s", (selector, value) => {
    expect(requiredValue(selector, "spec.nodeName")).toBe(value);
  });
});

describe("accessOf", () => {
  it("takes a list or watch of one name for that object", () => {
    const asked = { namespace: "ns", fieldSelector: "metadata.name=x" };
    expect(accessOf(request(user, "watch", "secrets", asked)).name).toBe("x");
    expect(accessOf(request(user, "list", "secrets", asked)).name).toBe("x");
    expect(accessOf(request(user, "deletecollection", "secrets", asked)).name).toBe("");
    expect(accessOf(request(user, "list", "secrets", { ...asked, fieldSelector: "metadata.name=a%2Fb" })).name).toBe(
      "",
    );
  });

  it("counts a Namespace as within itself, as the path says", () => {
    expect(accessOf(request(user, "get", "namespaces", { name: "x" }))).toMatchObject({ namespace: "x", name: "x" });
    expect(accessOf(request(user, "list", "namespaces", { fieldSelector: "metadata.name=x" }))).toMatchObject({
      namespace: "",
      name: "x",
    });
  });
});
