import fc from "fast-check";
import { expect, test } from "vitest";
import { orderElements } from "./element-order.ts";

const order = (merged: string, patch: string, server: string) =>
  orderElements([...merged], [...patch], [...server], (element) => element).join("");

test.each([
  // The server's order holds where the patch says nothing.
  ["abcd", "", "abcd", "abcd"],
  // The patch's order holds for what it names; the rest keeps its place as far as that goes.
  ["abcd", "db", "abcd", "acdb"],
  ["abcd", "ca", "abcd", "bcad"],
  // What the server did not know goes first.
  ["abn", "n", "ab", "nab"],
  ["abn", "bn", "ab", "abn"],
  ["abn", "nb", "ab", "nab"],
])("of %s patched in the order %s over %s is %s", (merged, patch, server, expected) => {
  expect(order(merged, patch, server)).toBe(expected);
});

test("without any order the steps of an insertion sort decide, as upstream", () => {
  expect(order("abc", "", "")).toBe("cba");
});

const letters = fc.uniqueArray(fc.constantFrom(..."abcdefgh"), { maxLength: 8 });

test("keeps both orders and loses nothing", () => {
  fc.assert(
    fc.property(letters, letters, (server, patch) => {
      const merged = [...new Set([...server, ...patch])];
      const result = orderElements(merged, patch, server, (element) => element);
      expect([...result].sort()).toEqual([...merged].sort());
      expect(result.filter((each) => patch.includes(each as string))).toEqual(patch);
      const serverOnly = server.filter((each) => !patch.includes(each));
      expect(result.filter((each) => !patch.includes(each as string))).toEqual(serverOnly);
    }),
  );
});
