import type { Difference } from "./compare.ts";

/** Where the embedded server answers otherwise than the real one on purpose. */
export interface KnownDifference {
  /** Names of the cases. */
  readonly cases: RegExp;
  /** Paths inside of the transcripts, e.g. "0.body.metadata.managedFields". */
  readonly path: RegExp;
  /** What the real server says there, or the embedded one; default anything. */
  readonly text?: RegExp;
  /** Why it is so, for whoever trusts the embedded server with something. */
  readonly reason: string;
}

/** Judges differences by the table, and remembers what of the table was needed. */
export class DifferenceTable {
  readonly #table: readonly KnownDifference[];
  readonly #used = new Set<KnownDifference>();

  constructor(table: readonly KnownDifference[]) {
    this.#table = table;
  }

  /** Those that the table does not know. */
  unknown(caseName: string, found: readonly Difference[]): Difference[] {
    return found.filter(({ path, expected, actual }) => {
      const known = this.#table.filter(
        ({ cases, path: place, text }) =>
          cases.test(caseName) &&
          place.test(path) &&
          (text === undefined || text.test(String(expected)) || text.test(String(actual))),
      );
      for (const entry of known) this.#used.add(entry);
      return known.length === 0;
    });
  }

  /** Entries that no difference needed. */
  unused(): readonly KnownDifference[] {
    return this.#table.filter((entry) => !this.#used.has(entry));
  }
}

/** A transcript, or a part of it at `path`, without what the table names. */
export function withoutKnown(
  value: unknown,
  caseName: string,
  table: readonly KnownDifference[],
  path: string,
): unknown {
  const own = table.filter(({ cases }) => cases.test(caseName));
  const strip = (part: unknown, at: string): unknown => {
    if (Array.isArray(part)) return part.map((entry, index) => strip(entry, `${at}.${index}`));
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(
      Object.entries(part)
        .filter(
          ([key, entry]) =>
            !own.some(
              ({ path, text }) => path.test(`${at}.${key}`) && (text === undefined || text.test(String(entry))),
            ),
        )
        .map(([key, entry]) => [key, strip(entry, `${at}.${key}`)]),
    );
  };
  return strip(value, path);
}
