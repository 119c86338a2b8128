import { seededRandom } from "@hollowfleet/core";
import { expect, it } from "vitest";
import { afterPost, csiRetryMs, postRetryMs } from "./registration-plan.ts";
import { newerVersion } from "./resource-version.ts";
import { reportPeriodMs } from "./status-plan.ts";

it("the POST is tried again after 200 ms, doubled up to 7 s", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50].map(postRetryMs)).toEqual([200, 400, 800, 1600, 3200, 6400, 7000, 7000]);
});

it("the CSINode is tried four times in a row, then after ever longer waits", () => {
  expect(Array.from({ length: 9 }, (_, i) => csiRetryMs(i + 1))).toEqual([10, 50, 250, 15, 10, 50, 250, 90, 10]);
  expect(csiRetryMs(400)).toBe(19_440);
});

it.each([
  [undefined, "registered"],
  ["already-exists", "look"],
  ["forbidden", "look"],
  ["unavailable", "retry"],
  ["deadline", "retry"],
] as const)("after a POST that ended with %s: %s", (code, next) => {
  expect(afterPost(code)).toBe(next);
});

it("reports every 5 min, shifted by up to half after a change", () => {
  const random = seededRandom(3);
  expect(reportPeriodMs(false, random)).toBe(300_000);
  const shifted = Array.from({ length: 1000 }, () => reportPeriodMs(true, random));
  expect(Math.min(...shifted)).toBeGreaterThanOrEqual(150_000);
  expect(Math.max(...shifted)).toBeLessThan(450_000);
});

it.each([
  ["10", "9", true],
  ["9", "10", false],
  ["10", "10", false],
  ["1", "", true],
])("resource version %s is newer than %s: %s", (version, than, newer) => {
  expect(newerVersion(version, than)).toBe(newer);
});
