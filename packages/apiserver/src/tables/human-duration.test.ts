import { expect, test } from "vitest";
import { humanDuration } from "./human-duration.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

// As duration.HumanDuration of apimachinery 0.36.3 prints them.
test.each([
  [-2 * second, "<invalid>"],
  [-1.9 * second, "0s"],
  [-second, "0s"],
  [0, "0s"],
  [999, "0s"],
  [119 * second, "119s"],
  [2 * minute, "2m"],
  [2 * minute + second, "2m1s"],
  [10 * minute - second, "9m59s"],
  [10 * minute + 30 * second, "10m"],
  [3 * hour - second, "179m"],
  [3 * hour, "3h"],
  [3 * hour + 5 * minute, "3h5m"],
  [8 * hour + 5 * minute, "8h"],
  [2 * day - second, "47h"],
  [2 * day, "2d"],
  [2 * day + hour, "2d1h"],
  [8 * day + 5 * hour, "8d"],
  [730 * day - hour, "729d"],
  [730 * day, "2y"],
  [731 * day, "2y1d"],
  [2920 * day - hour, "7y364d"],
  [2921 * day, "8y"],
])("%d ms is %s", (ms, text) => {
  expect(humanDuration(ms)).toBe(text);
});
