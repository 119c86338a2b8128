import type { MicroTime, Time } from "../gen/k8s.js";
import { CodecError } from "./codec-error.ts";

/** Seconds of Go's zero time, 0001-01-01T00:00:00Z, which some writers send in place of an empty message. */
const goZeroSeconds = -62135596800;

/** A Time of whole seconds, cut; `ms` is milliseconds since 1970. */
export function timeFromMs(ms: number): Time {
  return { seconds: Math.floor(ms / 1000) };
}

/** A MicroTime rounded to the microsecond; `ms` is milliseconds since 1970 and may have a fraction. */
export function microTimeFromMs(ms: number): MicroTime {
  const microseconds = Math.round(ms * 1000);
  const seconds = Math.floor(microseconds / 1_000_000);
  return { seconds, nanos: (microseconds - seconds * 1_000_000) * 1000 };
}

/** Milliseconds since 1970; undefined for an absent time and for the zero time, which Go reads from {0, 0} and from {}. */
export function timeToMs(time: Time | MicroTime | undefined): number | undefined {
  if (time === undefined || isZero(time)) return undefined;
  return (time.seconds ?? 0) * 1000 + (time.nanos ?? 0) / 1_000_000;
}

function isZero({ seconds = 0, nanos = 0 }: Time | MicroTime): boolean {
  return nanos === 0 && (seconds === 0 || seconds === goZeroSeconds);
}

/** `2026-01-02T03:04:05Z`; null for the zero time (apimachinery, meta/v1/time.go). */
export function timeToJson(time: Time | undefined): string | null {
  if (time === undefined || isZero(time)) return null;
  return `${isoSeconds(time.seconds ?? 0)}Z`;
}

/** `2026-01-02T03:04:05.000000Z`; null for the zero time (apimachinery, meta/v1/micro_time.go). */
export function microTimeToJson(time: MicroTime | undefined): string | null {
  if (time === undefined || isZero(time)) return null;
  const microseconds = Math.trunc((time.nanos ?? 0) / 1000);
  return `${isoSeconds(time.seconds ?? 0)}.${String(microseconds).padStart(6, "0")}Z`;
}

function isoSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, -".000Z".length);
}

const rfc3339 = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * Reads RFC 3339 text, with or without a fraction; null, as JSON has the zero time, becomes an empty message.
 * @throws CodecError `malformed`
 */
export function timeFromJson(text: string | null): Time {
  if (text === null) return {};
  const [, seconds, fraction, zone] = rfc3339.exec(text) ?? [];
  const ms = Date.parse(`${seconds}${zone}`.toUpperCase());
  if (Number.isNaN(ms)) throw new CodecError("malformed", `${JSON.stringify(text)} is no RFC 3339 time`);
  if (fraction === undefined) return { seconds: ms / 1000 };
  return { seconds: ms / 1000, nanos: Number(fraction.padEnd(9, "0")) };
}
