import { expect, test } from "vitest";
import { dnsSubdomainFaults, labelKeyFaults, labelValueFaults } from "./label-syntax.ts";

const long = "a".repeat(63);

test.each(["app", "app.kubernetes.io/name", "A_b-c.d", long, `${"a".repeat(63)}.b/${long}`])(
  "takes the key %s",
  (key) => {
    expect(labelKeyFaults(key)).toEqual([]);
  },
);

// As content.IsLabelKey of apimachinery 0.36.3 words it.
test.each([
  ["", ["name part must be non-empty", /^name part must consist of alphanumeric characters, '-', '_' or '.'/]],
  ["-a", [/^name part must consist of .* \(e\.g\. 'MyName', {2}or 'my\.name', {2}or '123-abc', regex used/]],
  [`${long}a`, ["name part must be no more than 63 bytes"]],
  ["/a", ["prefix part must be non-empty"]],
  ["Upper/a", [/^prefix part a lowercase RFC 1123 subdomain must consist of/]],
  ["a/b/c", [/^a valid label key must consist of .* with an optional DNS subdomain prefix and '\/'/]],
] as const)("refuses the key %j", (key, faults) => {
  const found = labelKeyFaults(key);
  expect(found).toHaveLength(faults.length);
  for (const [i, fault] of faults.entries()) expect(found[i]).toMatch(fault);
});

test("takes empty values and refuses bad ones", () => {
  expect(labelValueFaults("")).toEqual([]);
  expect(labelValueFaults("a_b.C-1")).toEqual([]);
  expect(labelValueFaults(`${long}a`)).toEqual(["must be no more than 63 bytes"]);
  expect(labelValueFaults("a b")).toHaveLength(1);
  expect(labelValueFaults("a/b")).toHaveLength(1);
});

test("counts bytes, not characters", () => {
  expect(labelValueFaults("é".repeat(40))).toHaveLength(2);
});

test("knows subdomains", () => {
  expect(dnsSubdomainFaults("node-1.example")).toEqual([]);
  expect(dnsSubdomainFaults("a..b")).toHaveLength(1);
  expect(dnsSubdomainFaults("a".repeat(254))).toEqual(["must be no more than 253 bytes"]);
});
