import { expect, test } from "vitest";
import { impersonationHeaders } from "./impersonation.ts";

test("one header per group and per value; keys are escaped as client-go escapes them, in lower case", () => {
  const extra = new Map([
    ["Example.org/Scopes", ["view", "edit"]],
    ["ü", ["1"]],
  ]);
  expect(impersonationHeaders({ user: "jane", uid: "7", groups: ["dev", "ops"], extra })).toEqual([
    ["impersonate-user", "jane"],
    ["impersonate-uid", "7"],
    ["impersonate-group", "dev"],
    ["impersonate-group", "ops"],
    ["impersonate-extra-example.org%2fscopes", "view"],
    ["impersonate-extra-example.org%2fscopes", "edit"],
    ["impersonate-extra-%c3%bc", "1"],
  ]);
});
