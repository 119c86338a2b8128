export { type Backoff, type BackoffOptions, createBackoff } from "./backoff.ts";
export { type Clock, delay, systemClock, type Timer } from "./clock.ts";
export { type Distribution, parseDistribution, parseSpanMs, sample } from "./distribution.ts";
export { errorText, HollowError, unreachable } from "./errors.ts";
export { type LogFields, type Logger, type LogLevel, lineLogger, logLevels, silentLogger } from "./log.ts";
export { ManualClock } from "./manual-clock.ts";
export { jitter, type Random, seededRandom } from "./random.ts";
export { TokenBucket } from "./token-bucket.ts";
