import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonPatch } from "./json-patch.ts";

const document = { a: 1, list: ["x", "y", "z"], nested: { "a/b": 1, "m~n": 2 }, none: null };

describe("jsonPatch", () => {
  test.each([
    ["add a member", { op: "add", path: "/b", value: 2 }, { b: 2 }],
    ["add over a member", { op: "add", path: "/a", value: { c: 1 } }, { a: { c: 1 } }],
    ["insert an element", { op: "add", path: "/list/1", value: "n" }, { list: ["x", "n", "y", "z"] }],
    ["append by index", { op: "add", path: "/list/3", value: "n" }, { list: ["x", "y", "z", "n"] }],
    ["append by -", { op: "add", path: "/list/-", value: "n" }, { list: ["x", "y", "z", "n"] }],
    ["append from the end", { op: "add", path: "/list/-1", value: "n" }, { list: ["x", "y", "z", "n"] }],
    ["add without value", { op: "add", path: "/b" }, { b: null }],
    ["remove an element", { op: "remove", path: "/list/0" }, { list: ["y", "z"] }],
    ["remove the last element", { op: "remove", path: "/list/-1" }, { list: ["x", "y"] }],
    ["remove by an escaped slash", { op: "remove", path: "/nested/a~1b" }, { nested: { "m~n": 2 } }],
    ["remove by an escaped tilde", { op: "remove", path: "/nested/m~0n" }, { nested: { "a/b": 1 } }],
    ["replace an element", { op: "replace", path: "/list/02", value: 3 }, { list: ["x", "y", 3] }],
    ["replace a member that is not there", { op: "replace", path: "/b", value: 3 }, { b: 3 }],
    [
      "move",
      { op: "move", from: "/list/0", path: "/nested/x" },
      { list: ["y", "z"], nested: { ...document.nested, x: "x" } },
    ],
    ["copy", { op: "copy", from: "/a", path: "/list/-" }, { list: ["x", "y", "z", 1] }],
    ["copy what is not there", { op: "copy", from: "/b", path: "/c" }, { c: null }],
    ["test", { op: "test", path: "/list", value: ["x", "y", "z"] }, {}],
    ["test without order of members", { op: "test", path: "/nested", value: { "m~n": 2, "a/b": 1 } }, {}],
    ["test what is not there", { op: "test", path: "/b", value: null }, {}],
    ["test a null", { op: "test", path: "/none", value: null }, {}],
    ["a pointer without slash at its start", { op: "add", path: "odd/b", value: 1 }, { b: 1 }],
  ])("%s", (_, operation, changed) => {
    expect(jsonPatch(document, [operation])).toEqual({ ...document, ...changed });
  });

  test("replaces the whole document", () => {
    expect(jsonPatch(document, [{ op: "replace", path: "", value: { b: 1 } }])).toEqual({ b: 1 });
  });

  test.each([
    [{ op: "add", path: "/x/y", value: 1 }],
    [{ op: "add", path: "/a/y", value: 1 }],
    [{ op: "add", path: "", value: {} }],
    [{ op: "add", path: "/list/4", value: 1 }],
    [{ op: "add", path: "/list/-5", value: 1 }],
    [{ op: "add", path: "/list/one", value: 1 }],
    [{ op: "add", value: 1 }],
    [{ op: "add", path: 5, value: 1 }],
    [{ op: "remove", path: "/b" }],
    [{ op: "remove", path: "/constructor" }],
    [{ op: "remove", path: "/list/3" }],
    [{ op: "replace", path: "/list/3", value: 1 }],
    [{ op: "replace", path: "", value: 1 }],
    [{ op: "move", path: "/b" }],
    [{ op: "move", from: "/b", path: "/c" }],
    [{ op: "copy", from: "/list/9", path: "/c" }],
    [{ op: "test", path: "/a", value: 2 }],
    [{ op: "test", path: "/a" }],
    [{ op: "test", path: "", value: {} }],
    [{ op: "merge", path: "/a" }],
    [{}],
    [null],
  ])("refuses %j", (operation) => {
    expect(() => jsonPatch(document, [operation])).toThrowError(expect.objectContaining({ code: "does-not-apply" }));
  });

  test("ends an object that is copied into itself over and over", () => {
    const double = { op: "copy", from: "/nested", path: "/nested/again" };
    const doubling = Array.from({ length: 100 }, (_, i) => ({ ...double, path: `/nested/again${i}` }));
    expect(() => jsonPatch(document, doubling)).toThrow("Unable to complete the copy");
  });

  test("never changes the document, not even when it fails", () => {
    const pointer = fc.constantFrom("/a", "/list/0", "/list/-", "/nested/x", "/nested", "/x/y", "");
    const operation = fc.record({
      op: fc.constantFrom("add", "remove", "replace", "move", "copy", "test"),
      path: pointer,
      from: pointer,
      value: fc.jsonValue({ maxDepth: 1 }),
    });
    const before = structuredClone(document);
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 5 }), (operations) => {
        try {
          jsonPatch(document, operations);
        } catch (error) {
          expect(error).toMatchObject({ code: "does-not-apply" });
        }
        expect(document).toEqual(before);
      }),
    );
  });
});
