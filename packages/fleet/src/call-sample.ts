import { type CallRecord, callLagUs } from "@hollowfleet/client";
import type { CallSample } from "@hollowfleet/metrics";

/**
 * A call as the recorder takes it.
 * @param lagFromUs when it could have been sent; default: when it was due
 */
export function callSample(record: CallRecord, lagFromUs: number = record.dueUs): CallSample {
  return {
    verb: record.verb,
    resource: record.resource,
    subresource: record.subresource,
    scope: record.scope,
    code: record.code,
    latencyUs: record.endUs - record.startedUs,
    intendedLatencyUs: record.endUs - record.dueUs,
    lagUs: callLagUs(record, lagFromUs),
    requestBytes: record.requestBytes,
    responseBytes: record.responseBytes,
    attempts: record.attempts,
    rejected: record.rejected,
  };
}
