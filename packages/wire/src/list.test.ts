import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kinds } from "./kinds.ts";
import { joinList, splitList } from "./list.ts";
import { schema } from "./schema.testing.ts";

const listMeta = schema.lookupType("k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta");

describe("splitList", () => {
  test("takes apart what Go writes: empty strings too", () => {
    const meta = listMeta
      .encode({ selfLink: "", resourceVersion: "812", continue: "", remainingItemCount: 7 })
      .finish();
    const item = kinds.Node.encode({ metadata: { name: "n1" } });
    const raw = Buffer.concat([Buffer.of(0x0a, meta.length), meta, Buffer.of(0x12, item.length), item]);
    const list = splitList(raw);
    expect(list).toEqual({ resourceVersion: "812", continue: "", remainingItemCount: 7, items: [item] });
    expect(list.items[0]?.buffer).toBe(raw.buffer);
  });

  test("is the inverse of joinList", () => {
    const parts = fc.record({
      resourceVersion: fc.string(),
      continue: fc.string({ unit: "grapheme" }),
      remainingItemCount: fc.option(fc.maxSafeInteger().map(Math.abs), { nil: undefined }),
      items: fc.array(fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))),
    });
    fc.assert(
      fc.property(parts, (list) => {
        expect(splitList(joinList(list))).toEqual(list);
      }),
    );
  });

  test("an empty list has no items", () => {
    expect(splitList(new Uint8Array(0)).items).toEqual([]);
  });

  test("throws on a cut", () => {
    const raw = joinList({ resourceVersion: "1", continue: "", remainingItemCount: 1, items: [new Uint8Array(9)] });
    expect(() => splitList(raw.subarray(0, -1))).toThrow(expect.objectContaining({ code: "truncated" }));
  });
});
