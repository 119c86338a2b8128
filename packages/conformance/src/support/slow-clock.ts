import { type Clock, systemClock } from "@hollowfleet/core";

/**
 * A clock that goes `factor` times slower than the machine's. Whatever lives by it waits that much longer between its
 * requests, while the server answers as fast as ever: as if the machine were `factor` times faster. So a shared, busy
 * machine keeps the order of requests that a quiet one has.
 */
export function slowClock(factor: number): Clock {
  const originMs = systemClock.nowMs();
  const originUs = systemClock.nowUs();
  return {
    nowMs: () => originMs + (systemClock.nowMs() - originMs) / factor,
    nowUs: () => Math.round(originUs + (systemClock.nowUs() - originUs) / factor),
    setTimer: (delayMs, fire) => systemClock.setTimer(delayMs * factor, fire),
  };
}
