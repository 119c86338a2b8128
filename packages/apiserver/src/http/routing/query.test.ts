import { describe, expect, it } from "vitest";
import { parseQuery } from "./query.ts";

describe("parseQuery", () => {
  it("decodes names and values, and keeps their order", () => {
    const query = parseQuery("labelSelector=a%3Db&x=1&x=2&text=a+b&flag");
    expect(query.first("labelSelector")).toBe("a=b");
    expect(query.all("x")).toEqual(["1", "2"]);
    expect(query.first("text")).toBe("a b");
    expect(query.first("flag")).toBe("");
    expect(query.has("y")).toBe(false);
  });

  it("leaves out what cannot be decoded, as Go does", () => {
    const query = parseQuery("a=%zz&b=1;c=2&&d=4&__proto__=5");
    expect([query.has("a"), query.has("b"), query.first("d"), query.first("__proto__")]).toEqual([
      false,
      false,
      "4",
      "5",
    ]);
  });

  it.each([
    ["watch=true", true],
    ["watch=1", true],
    ["watch", true],
    ["watch=0", false],
    ["watch=False", false],
    ["", undefined],
  ])("reads the flag of %j", (text, expected) => {
    expect(parseQuery(text).flag("watch")).toBe(expected);
  });
});
