import { describe, expect, it } from "vitest";
import { type CallRecord, callLagUs } from "./call.ts";

const record: CallRecord = {
  verb: "GET",
  resource: "pods",
  subresource: "",
  scope: "resource",
  code: "200",
  requestBytes: 0,
  responseBytes: 0,
  dueUs: 1000,
  startedUs: 1300,
  carriedUs: 9_000_000,
  writtenUs: 9_000_020,
  firstByteUs: 9_000_500,
  endUs: 9_000_600,
  attempts: 1,
  rejected: 0,
};

describe("callLagUs", () => {
  it("is our own lateness, not the wait for a connection or a stream", () => {
    expect(callLagUs(record)).toBe(320);
    expect(callLagUs(record, record.startedUs)).toBe(20);
  });

  it("is nothing for a call that was never written: the server could not be reached", () => {
    expect(callLagUs({ ...record, writtenUs: 0 })).toBe(0);
  });
});
