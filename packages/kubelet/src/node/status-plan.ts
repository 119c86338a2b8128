import { jitter, type Random } from "@hollowfleet/core";

/** nodeStatusUpdateFrequency, with the jitter that it has had since 1.23. */
const tickMs = 10_000;
const tickJitter = 0.04;
/** nodeStatusReportFrequency. */
const reportMs = 300_000;

/** From the end of one status tick to the next. */
export function statusTickMs(random: Random): number {
  return jitter(random, tickMs, tickJitter);
}

/**
 * How long after a PATCH the next one is due though nothing changes. After one that told of a change, and after the first,
 * the period is shifted once by up to half either way, so that nodes which started together part (kubelet.go
 * calculateDelay). Seen rounded up to a tick: 305 to 307 s in steady state.
 */
export function reportPeriodMs(changed: boolean, random: Random): number {
  return changed ? reportMs * (0.5 + random.next()) : reportMs;
}
