import { describe, expect, it } from "vitest";
import { ApiError } from "../../api-error.ts";
import { parseQuery } from "./query.ts";
import { deleteOptions, deleteOptionsOfQuery, listOptions, writeOptions } from "./request-options.ts";

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ApiError) return `${error.httpCode} ${error.message}`;
    throw error;
  }
  return "accepted";
}

describe("listOptions", () => {
  it("reads every option", () => {
    const text =
      "labelSelector=a&fieldSelector=b&resourceVersion=1&resourceVersionMatch=Exact&limit=5&continue=c&timeoutSeconds=9" +
      "&allowWatchBookmarks=true&sendInitialEvents=false";
    expect(listOptions(parseQuery(text))).toEqual({
      labelSelector: "a",
      fieldSelector: "b",
      resourceVersion: "1",
      resourceVersionMatch: "Exact",
      limit: 5,
      continue: "c",
      timeoutSeconds: 9,
      allowWatchBookmarks: true,
      sendInitialEvents: false,
    });
    expect(listOptions(parseQuery(""))).toEqual({});
  });

  it.each([
    ["limit=abc", '400 strconv.ParseInt: parsing "abc": invalid syntax'],
    ["limit=", '400 strconv.ParseInt: parsing "": invalid syntax'],
    ["timeoutSeconds=1.5", '400 strconv.ParseInt: parsing "1.5": invalid syntax'],
    ["limit=9223372036854775808", '400 strconv.ParseInt: parsing "9223372036854775808": value out of range'],
  ])("refuses %s", (text, expected) => {
    expect(refusal(() => listOptions(parseQuery(text)))).toBe(expected);
  });
});

describe("writeOptions", () => {
  it("reads every option", () => {
    const query = parseQuery("dryRun=All&fieldManager=kubectl-create&fieldValidation=Strict");
    expect(writeOptions(query, "CreateOptions")).toEqual({
      dryRun: true,
      fieldManager: "kubectl-create",
      fieldValidation: "Strict",
    });
  });

  it.each([
    [
      "dryRun=Some",
      '422 CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
    ],
    [
      "fieldValidation=Maybe",
      '422 CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Maybe": supported values: "", "Ignore", "Strict", "Warn"',
    ],
    [
      `fieldManager=${"a".repeat(129)}`,
      '422 CreateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
    ],
    [
      "fieldManager=a%0Ab",
      '422 CreateOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "a\\nb": invalid character U+000A (at position 1)',
    ],
  ])("refuses %s", (text, expected) => {
    expect(refusal(() => writeOptions(parseQuery(text), "CreateOptions"))).toBe(expected);
  });
});

describe("deleteOptions", () => {
  it("reads the query", () => {
    const body = deleteOptionsOfQuery(parseQuery("gracePeriodSeconds=0&propagationPolicy=Orphan"));
    expect(deleteOptions(body)).toEqual({ gracePeriodSeconds: 0, propagationPolicy: "Orphan" });
    expect(deleteOptions(deleteOptionsOfQuery(parseQuery("")))).toEqual({});
  });

  it("reads a body", () => {
    const preconditions = { uid: "u", resourceVersion: "7" };
    expect(deleteOptions({ gracePeriodSeconds: 30, preconditions, dryRun: ["All"], orphanDependents: null })).toEqual({
      gracePeriodSeconds: 30,
      preconditions,
      dryRun: true,
    });
  });

  it.each<[object, string]>([
    [
      { gracePeriodSeconds: "1" },
      "400 json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64",
    ],
    [
      { preconditions: [] },
      "400 json: cannot unmarshal array into Go struct field DeleteOptions.preconditions of type v1.Preconditions",
    ],
    [
      { propagationPolicy: "Never" },
      '422 DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Never": supported values: "Foreground", "Background", "Orphan", "nil"',
    ],
    [
      { propagationPolicy: "Orphan", orphanDependents: true },
      '422 DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    ],
  ])("refuses %j", (body, expected) => {
    expect(refusal(() => deleteOptions(body))).toBe(expected);
  });
});
