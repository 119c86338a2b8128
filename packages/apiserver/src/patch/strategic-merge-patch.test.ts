import { schemaFor } from "@hollowfleet/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Members } from "./members.ts";
import { strategicMergePatch } from "./strategic-merge-patch.ts";

const pod = schemaFor("v1", "Pod");
const node = schemaFor("v1", "Node");
const deployment = schemaFor("apps/v1", "Deployment");

/** Patches a pod spec's members and returns them. */
function patchSpec(spec: Members, patch: Members): unknown {
  return strategicMergePatch({ spec }, { spec: patch }, pod)["spec"];
}

const containers = [
  { name: "a", image: "a:1", env: [{ name: "X", value: "1" }] },
  { name: "b", image: "b:1" },
  { name: "c", image: "c:1" },
];

const names = (list: unknown) => (list as Members[]).map(({ name }) => name).join("");

describe("members", () => {
  test("are merged, replaced and, by null, removed", () => {
    const original = { metadata: { labels: { a: "1", b: "2" } }, spec: { nodeName: "n", priority: 1 } };
    const patch = {
      metadata: { labels: { a: null, c: "3" } },
      spec: { priority: 2, nodeName: null, hostNetwork: null },
    };
    expect(strategicMergePatch(original, patch, pod)).toEqual({
      metadata: { labels: { b: "2", c: "3" } },
      spec: { priority: 2 },
    });
  });

  test("take a new object without its nulls and directives", () => {
    const patch = {
      spec: { securityContext: { runAsUser: 1, runAsGroup: null, seLinuxOptions: { $patch: "delete" } } },
    };
    expect(strategicMergePatch({ spec: {} }, patch, pod)).toEqual({ spec: { securityContext: { runAsUser: 1 } } });
  });

  test("of another type than the object's replace it", () => {
    expect(strategicMergePatch({ spec: { containers } }, { spec: { containers: "x" } }, pod)).toEqual({
      spec: { containers: "x" },
    });
  });

  test("called as what objects inherit are plain data", () => {
    const patch = JSON.parse('{"metadata":{"annotations":{"constructor":"x","__proto__":"y"}}}');
    const patched = strategicMergePatch({ metadata: { annotations: {} } }, patch, pod);
    expect(JSON.stringify(patched)).toBe('{"metadata":{"annotations":{"constructor":"x","__proto__":"y"}}}');
  });
});

describe("$patch of an object", () => {
  test("replace takes the patch for the whole", () => {
    const patch = { $patch: "replace", nodeName: "m" };
    expect(patchSpec({ nodeName: "n", priority: 1 }, patch)).toEqual({ nodeName: "m" });
  });

  test("delete leaves an empty object", () => {
    expect(patchSpec({ nodeName: "n" }, { $patch: "delete", priority: 1 })).toEqual({});
  });

  test("at the root works like any other", () => {
    expect(strategicMergePatch({ a: 1 }, { $patch: "replace", b: 2 }, pod)).toEqual({ b: 2 });
  });

  test("refuses what it does not know", () => {
    expect(() => patchSpec({ nodeName: "n" }, { $patch: "merge" })).toThrow(
      "unknown patch type: merge in map: map[$patch:merge]",
    );
  });
});

describe("$retainKeys", () => {
  test("drops what it does not name", () => {
    const strategy = { spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } } };
    const patch = { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } };
    expect(strategicMergePatch(strategy, patch, deployment)).toEqual({ spec: { strategy: { type: "Recreate" } } });
  });

  test("refuses a patch with members that it does not name", () => {
    const patch = { spec: { strategy: { $retainKeys: ["type"], rollingUpdate: {} } } };
    expect(() => strategicMergePatch({ spec: { strategy: {} } }, patch, deployment)).toThrow(
      "invalid patch format of retainKeys",
    );
    expect(() => patchSpec({}, { $retainKeys: "x" })).toThrow("invalid patch format of retainKeys");
  });
});

describe("lists with a merge key", () => {
  test("merge elements and put new ones first", () => {
    const patch = {
      containers: [
        { name: "b", image: "b:2" },
        { name: "n", image: "n:1" },
      ],
    };
    const patched = patchSpec({ containers }, patch) as { containers: Members[] };
    expect(names(patched.containers)).toBe("abnc");
    expect(patched.containers[1]).toEqual({ name: "b", image: "b:2" });
  });

  test("merge lists in elements", () => {
    const patch = { containers: [{ name: "a", env: [{ name: "Y", value: "2" }] }] };
    const patched = patchSpec({ containers }, patch) as { containers: Members[] };
    expect(patched.containers[0]).toEqual({
      name: "a",
      image: "a:1",
      env: [
        { name: "Y", value: "2" },
        { name: "X", value: "1" },
      ],
    });
  });

  test("delete elements", () => {
    const patch = {
      containers: [
        { name: "b", $patch: "delete" },
        { name: "x", $patch: "delete" },
      ],
    };
    expect(names((patchSpec({ containers }, patch) as Members)["containers"])).toBe("ac");
  });

  test("are replaced as a whole", () => {
    const patch = { containers: [{ $patch: "replace" }, { name: "n" }, { name: "b" }] };
    expect((patchSpec({ containers }, patch) as Members)["containers"]).toEqual([{ name: "n" }, { name: "b" }]);
    const doubled = { containers: [{ $patch: "replace" }, { name: "n" }, { name: "b" }, { name: "n" }] };
    expect(names((patchSpec({ containers }, doubled) as Members)["containers"])).toBe("nnb");
  });

  test("need the key in every element", () => {
    expect(() => patchSpec({ containers }, { containers: [{ image: "x" }] })).toThrow(
      "map: map[image:x] does not contain declared merge key: name",
    );
    expect(() => patchSpec({ containers }, { containers: [{ $patch: "delete" }] })).toThrow("declared merge key");
  });

  test("refuse elements of several types and directives that are none", () => {
    expect(() => patchSpec({ containers }, { containers: ["x"] })).toThrow("list element types are not identical");
    expect(() => patchSpec({ containers }, { containers: [{ name: "a", $patch: "merge" }] })).toThrow(
      "merging lists cannot yet be specified in the patch",
    );
    expect(() => patchSpec({ containers }, { containers: [{ name: "a", $patch: "x" }] })).toThrow(
      "unknown patch type: x",
    );
  });

  test("are told apart by the key of their type", () => {
    const conditions = [
      { type: "Ready", status: "False" },
      { type: "Disk", status: "False" },
    ];
    const patch = { status: { conditions: [{ type: "Ready", status: "True" }] } };
    expect(strategicMergePatch({ status: { conditions } }, patch, node)).toEqual({
      status: { conditions: [{ type: "Ready", status: "True" }, conditions[1]] },
    });
  });
});

describe("lists without a merge strategy", () => {
  test("are replaced", () => {
    const tolerations = [{ key: "a" }];
    expect(patchSpec({ tolerations: [{ key: "b" }] }, { tolerations })).toEqual({ tolerations });
    expect(
      strategicMergePatch({ spec: { taints: [{ key: "a" }] } }, { spec: { taints: [{ key: "b" }] } }, node),
    ).toEqual({
      spec: { taints: [{ key: "b" }] },
    });
  });
});

describe("lists of scalars that are merged", () => {
  const withFinalizers = (...finalizers: string[]) => ({ metadata: { finalizers } });

  test("become unions", () => {
    expect(strategicMergePatch(withFinalizers("a", "b"), withFinalizers("c", "b"), pod)).toEqual(
      withFinalizers("c", "a", "b"),
    );
  });

  test("lose what $deleteFromPrimitiveList names", () => {
    const patch = { metadata: { "$deleteFromPrimitiveList/finalizers": ["a", "x"] } };
    expect(strategicMergePatch(withFinalizers("a", "b", "a"), patch, pod)).toEqual(withFinalizers("b"));
    expect(strategicMergePatch({ metadata: {} }, patch, pod)).toEqual({ metadata: {} });
  });

  test("vanish when the list to delete is null", () => {
    const patch = { metadata: { "$deleteFromPrimitiveList/finalizers": null } };
    expect(strategicMergePatch(withFinalizers("a"), patch, pod)).toEqual({ metadata: {} });
  });

  test("refuse a directive that names no list", () => {
    const patch = { metadata: { $deleteFromPrimitiveList: ["a"] } };
    expect(() => strategicMergePatch(withFinalizers("a"), patch, pod)).toThrow(
      "invalid patch format of primitive list",
    );
  });
});

describe("$setElementOrder", () => {
  const ordered = (list: Members[], ...order: string[]) => ({
    "$setElementOrder/containers": order.map((name) => ({ name })),
    ...(list.length > 0 && { containers: list }),
  });

  test.each([
    ["reorders what is there", [], ["c", "a", "b"], "cab"],
    ["leaves what it does not name in its place", [], ["c", "a"], "bca"],
    ["places new elements", [{ name: "n" }], ["a", "n", "b", "c"], "anbc"],
    ["goes with deletions", [{ name: "b", $patch: "delete" }], ["c", "a"], "ca"],
    [
      "sees a new element in the place of a deleted one",
      [{ name: "n" }, { name: "a", $patch: "delete" }],
      ["n"],
      "bcn",
    ],
  ] as const)("%s", (_, list, order, expected) => {
    const patched = patchSpec(
      { containers },
      ordered(structuredClone(list) as unknown as Members[], ...order),
    ) as Members;
    expect(names(patched["containers"])).toBe(expected);
  });

  test("orders a list that is new", () => {
    const patched = patchSpec({}, ordered([{ name: "b" }, { name: "x", $patch: "delete" }], "b", "x")) as Members;
    expect(names(patched["containers"])).toBe("b");
  });

  test("orders scalars", () => {
    const original = { metadata: { finalizers: ["a", "b", "c"] } };
    const patch = { metadata: { "$setElementOrder/finalizers": ["c", "n", "a"], finalizers: ["n"] } };
    expect(strategicMergePatch(original, patch, pod)).toEqual({ metadata: { finalizers: ["b", "c", "n", "a"] } });
  });

  test("must name what the patch has, in its order", () => {
    expect(() => patchSpec({ containers }, ordered([{ name: "n" }], "a"))).toThrow("The order in patch list");
    expect(() => patchSpec({ containers }, ordered([{ name: "b" }, { name: "a" }], "a", "b"))).toThrow(
      "The order in patch",
    );
  });

  test("must name a list that the type has", () => {
    expect(() => patchSpec({}, { "$setElementOrder/nodeName": [] })).toThrow("expected slice or array type");
    expect(() => patchSpec({ nodeName: "n" }, { "$setElementOrder/nodeName": [] })).toThrow(
      "expected a []interface {}",
    );
    expect(() => patchSpec({ nodeName: "n" }, { "$setElementOrder/priority": [] })).toThrow(
      "expected slice or array type",
    );
    expect(() => patchSpec({ nodeName: "n" }, { "$setElementOrder/nothing": [] })).toThrow("unable to find api field");
    expect(() => patchSpec({ nodeName: "n" }, { $setElementOrder: [] })).toThrow(
      "invalid patch format of setElementOrder",
    );
  });
});

// A model: merging a list by key is merging maps of its elements.
const element = fc.record({
  name: fc.constantFrom("a", "b", "c", "d", "e"),
  image: fc.constantFrom("x", "y", "z"),
});
const list = fc.uniqueArray(element, { selector: ({ name }) => name, maxLength: 5 });
const patchElement = fc.oneof(
  element,
  fc.record({ name: fc.constantFrom("a", "b", "f"), $patch: fc.constant("delete") }),
);
const patchList = fc.uniqueArray(patchElement, { selector: ({ name }) => name, maxLength: 5 });

const byName = (elements: readonly Members[]) => new Map(elements.map((each) => [each["name"], each]));

test("merges by key as maps merge", () => {
  fc.assert(
    fc.property(list, patchList, (original, patch) => {
      const model = byName(original);
      for (const each of patch) {
        if ("$patch" in each) model.delete(each.name);
        else model.set(each.name, { ...model.get(each.name), ...each });
      }
      const patched = patchSpec(
        { containers: original },
        { containers: structuredClone(patch) as Members[] },
      ) as Members;
      expect(byName(patched["containers"] as Members[])).toEqual(model);
    }),
  );
});

test("is idempotent and leaves the original alone", () => {
  fc.assert(
    fc.property(list, patchList, (original, patch) => {
      const before = structuredClone(original);
      const apply = (containers: unknown) =>
        (patchSpec({ containers } as Members, { containers: structuredClone(patch) as Members[] }) as Members)[
          "containers"
        ];
      const once = apply(original);
      expect(original).toEqual(before);
      expect(byName(apply(once) as Members[])).toEqual(byName(once as Members[]));
    }),
  );
});

test("orders exactly as $setElementOrder says when that names all", () => {
  fc.assert(
    fc.property(list, fc.shuffledSubarray(["a", "b", "c", "d", "e"], { minLength: 5 }), (original, order) => {
      fc.pre(original.length > 0);
      const patch = { "$setElementOrder/containers": order.map((name) => ({ name })) };
      const patched = patchSpec({ containers: original }, patch) as Members;
      const present = order.filter((name) => original.some((each) => each.name === name));
      expect(names(patched["containers"])).toBe(present.join(""));
    }),
  );
});
