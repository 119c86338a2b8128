import { CodecError } from "../codec-error.ts";

// Times as Go reads and writes them in JSON (apimachinery, meta/v1/time.go and micro_time.go).

/** Seconds of 0001-01-01T00:00:00Z, Go's zero time, which JSON shows as null. */
export const zeroTimeSeconds = -62135596800;

/** 9999-12-31T23:59:59Z, the last that four digits of a year can say. */
const lastSeconds = 253402300799;
/** 0000-01-01T00:00:00Z */
const firstSeconds = -62167219200;

/** An instant, exact. */
export interface Instant {
  readonly seconds: number;
  /** 0 to 999,999,999 */
  readonly nanos: number;
}

/** The text of a Time; null for the zero time. @throws CodecError `malformed` for years beyond 9999 */
export function timeText(seconds: number): string | null {
  if (seconds === zeroTimeSeconds) return null;
  return `${secondsText(seconds)}Z`;
}

/** The text of a MicroTime, cut to microseconds; null for the zero time. @throws CodecError `malformed` */
export function microTimeText({ seconds, nanos }: Instant): string | null {
  const micros = Math.trunc(nanos / 1000);
  if (seconds === zeroTimeSeconds && micros === 0) return null;
  return `${secondsText(seconds)}.${String(micros).padStart(6, "0")}Z`;
}

function secondsText(seconds: number): string {
  if (!(seconds >= firstSeconds && seconds <= lastSeconds)) {
    throw new CodecError("malformed", `a time of ${seconds} seconds is outside of the years 0 to 9999`);
  }
  return new Date(seconds * 1000).toISOString().slice(0, 19);
}

const timeLayout = "2006-01-02T15:04:05Z07:00";
const microTimeLayout = "2006-01-02T15:04:05.000000Z07:00";

const timeSyntax = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/;
const microTimeSyntax = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[.,](\d{6})(Z|[+-]\d\d:\d\d)$/;

/** Reads the text of a Time; fractions are dropped, as its writers drop them. @throws CodecError `malformed` */
export function parseTime(text: string): number {
  const known = knownTimes.get(text);
  if (known !== undefined) return known;
  const { seconds } = parse(text, timeSyntax, timeLayout);
  if (knownTimes.size >= knownTimesMax) knownTimes.clear();
  knownTimes.set(text, seconds);
  return seconds;
}

/** Times of whole seconds come again and again: each object has several, and is written more than once. */
const knownTimes = new Map<string, number>();
const knownTimesMax = 1000;

/** Reads the text of a MicroTime, whose six decimals are not optional. @throws CodecError `malformed` */
export function parseMicroTime(text: string): Instant {
  return parse(text, microTimeSyntax, microTimeLayout);
}

function parse(text: string, syntax: RegExp, layout: string): Instant {
  const [, local = "", fraction = "", zone = ""] = syntax.exec(text) ?? [];
  const localMs = Date.parse(`${local}Z`);
  // Date.parse takes 30 February for 2 March and 24:00 for the next day; Go refuses both.
  if (Number.isNaN(localMs) || new Date(localMs).toISOString().slice(0, 19) !== local) throw unreadable(text, layout);
  const offset = zone === "Z" ? 0 : zoneSeconds(zone);
  if (offset === undefined) throw unreadable(text, layout);
  return { seconds: localMs / 1000 - offset, nanos: Number(fraction.slice(0, 9).padEnd(9, "0")) };
}

function zoneSeconds(zone: string): number | undefined {
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4))];
  // Go's own limits (time/format.go, getnum of the zone).
  if (hours > 24 || minutes > 60) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 3600 + minutes * 60);
}

/** The parts of a layout with what each accepts, for saying where a text leaves it. */
const parts: readonly (readonly [layout: string, syntax: RegExp])[] = [
  ["2006", /^\d{4}/],
  ["-", /^-/],
  ["01", /^\d\d/],
  ["-", /^-/],
  ["02", /^\d\d/],
  ["T", /^T/],
  ["15", /^\d\d/],
  [":", /^:/],
  ["04", /^\d\d/],
  [":", /^:/],
  ["05", /^\d\d(?:[.,]\d+)?/],
  ["Z07:00", /^(?:Z|[+-]\d\d:\d\d)/],
];

/** Go's own words for a text that is no time (time/format.go, ParseError). */
function unreadable(text: string, layout: string): CodecError {
  const start = `parsing time ${JSON.stringify(text)}`;
  let rest = text;
  for (const [part, syntax] of parts) {
    const match = syntax.exec(rest);
    if (match === null) {
      return new CodecError(
        "malformed",
        `${start} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(part)}`,
      );
    }
    rest = rest.slice(match[0].length);
  }
  if (rest !== "") return new CodecError("malformed", `${start}: extra text: ${JSON.stringify(rest)}`);
  if (layout === microTimeLayout && !microTimeSyntax.test(text)) {
    const fraction = text.slice(19);
    return new CodecError(
      "malformed",
      `${start} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(fraction)} as ".000000"`,
    );
  }
  return new CodecError("malformed", `${start}: ${outOfRange(text)} out of range`);
}

function outOfRange(text: string): string {
  const limits: readonly (readonly [name: string, from: number, most: number])[] = [
    ["month", 5, 12],
    ["hour", 11, 23],
    ["minute", 14, 59],
    ["second", 17, 59],
  ];
  const name = limits.find(([, from, most]) => Number(text.slice(from, from + 2)) > most)?.[0];
  return name ?? (text.startsWith("00", 5) ? "month" : "day");
}
