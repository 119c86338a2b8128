import { describe, expect, it } from "vitest";
import type { KubeObject } from "../object.ts";
import type { PatchType } from "../patch/patch.ts";
import { bytesOf, configMapOf, infoOf, makeApi, podOf, refusal, type TestApi } from "./testing/test-api.ts";

function patch(
  test: TestApi,
  type: PatchType,
  value: unknown,
  key = "configmaps",
  path = "default/a",
  subresource = "",
) {
  return test.api.patch(infoOf("patch", key, path, subresource), type, bytesOf(value), {}).object as KubeObject;
}

describe("patch", () => {
  it("changes the latest state and leaves the stored one untouched", () => {
    const test = makeApi();
    const before = test.create("configmaps", { ...configMapOf("a"), data: { k: "v" } });
    const copy = structuredClone(before);
    expect(patch(test, "merge", { data: { l: "w" } })).toMatchObject({
      data: { k: "v", l: "w" },
      metadata: { resourceVersion: "3" },
    });
    expect(patch(test, "json", [{ op: "remove", path: "/data/k" }])).toMatchObject({ data: { l: "w" } });
    expect(patch(test, "strategic", { metadata: { labels: { x: "y" } } }).metadata.labels).toEqual({ x: "y" });
    expect(before).toEqual(copy);
  });

  it("of nothing makes no new version", () => {
    const test = makeApi();
    const before = test.create("configmaps", { ...configMapOf("a"), data: { k: "v" } });
    expect(patch(test, "merge", { data: { k: "v" } })).toBe(before);
  });

  it("of the status changes the status alone", () => {
    const test = makeApi();
    test.create("pods", podOf("p"));
    const after = patch(
      test,
      "strategic",
      { spec: { nodeName: "n" }, status: { phase: "Running" } },
      "pods",
      "default/p",
      "status",
    );
    expect(after).toMatchObject({ status: { phase: "Running" } });
    expect(after["spec"]).not.toHaveProperty("nodeName");
  });

  it("with an old resourceVersion conflicts; with another uid it is invalid", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a"));
    expect(refusal(() => patch(test, "merge", { metadata: { resourceVersion: "1" } })).code).toBe("Conflict");
    const error = refusal(() => patch(test, "merge", { metadata: { uid: "other" } }));
    expect(error.code).toBe("Invalid");
    expect(error.message).toContain('metadata.uid: Invalid value: "other": field is immutable');
  });

  it("of a name, and of what is not there, is refused", () => {
    const test = makeApi();
    expect(refusal(() => patch(test, "merge", {})).code).toBe("NotFound");
    test.create("configmaps", configMapOf("a"));
    expect(refusal(() => patch(test, "merge", { metadata: { name: "b" } })).message).toBe(
      "the name of the object (b) does not match the name on the URL (a)",
    );
  });

  it("by server-side apply is refused with a word on why", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a"));
    const error = refusal(() => patch(test, "apply", {}));
    expect(error.httpCode).toBe(415);
    expect(error.message).toContain("server-side apply");
  });
});
