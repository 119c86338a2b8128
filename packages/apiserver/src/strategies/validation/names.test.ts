import { describe, expect, it } from "vitest";
import {
  configMapKeyFaults,
  dnsLabelFaults,
  dnsSubdomainFaults,
  envNameFaults,
  labelValueFaults,
  pathSegmentFaults,
  percentFaults,
  portNameFaults,
  portNumberFaults,
  qualifiedNameFaults,
} from "./names.ts";

describe("names", () => {
  it.each([
    ["a label", dnsLabelFaults, ["a", "a-1", "1a", "a".repeat(63)], ["", "A", "a.b", "-a", "a-", "a".repeat(64)]],
    ["a subdomain", dnsSubdomainFaults, ["a.b-c.1"], ["", "a..b", ".a", "a_b", "a".repeat(254)]],
    ["a qualified name", qualifiedNameFaults, ["A", "a.b/C_d", "1"], ["", "/a", "a/", "a/b/c", "A.b/c", "a b"]],
    ["a label's value", labelValueFaults, ["", "a", "A_b.c"], ["a b", "-a", "a".repeat(64)]],
    ["a port's name", portNameFaults, ["http", "a-1"], ["", "1", "A", "a--b", "-a", "a".repeat(16)]],
    ["a key", configMapKeyFaults, ["a", ".a", "A_b-1"], ["", ".", "..", "..a", "a b"]],
    ["a variable's name", envNameFaults, ["A", "a b", "1"], ["", "a=b", "ä", "a\nb"]],
    ["a percentage", percentFaults, ["0%", "120%"], ["", "1", "-1%", "1.5%"]],
    ["a segment of a path", pathSegmentFaults, ["a", "system:node", ""], [".", "..", "a/b", "50%"]],
  ] as const)("%s", (_title, faultsOf, right, wrong) => {
    expect(right.filter((text) => faultsOf(text).length > 0)).toEqual([]);
    expect(wrong.filter((text) => faultsOf(text).length === 0)).toEqual([]);
  });

  it("gives the texts of the real server", () => {
    expect(dnsLabelFaults("A")).toEqual([
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ]);
    expect(dnsLabelFaults("a.b")).toEqual(["must not contain dots"]);
    expect(dnsSubdomainFaults("A")[0]).toContain(
      "is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    );
    expect(portNumberFaults(0)).toEqual(["must be between 1 and 65535, inclusive"]);
    expect(qualifiedNameFaults("")).toHaveLength(2);
  });
});
