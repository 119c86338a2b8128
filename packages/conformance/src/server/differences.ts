import type { KnownDifference } from "./harness/known-differences.ts";

/**
 * Everything in which the embedded server knowingly differs from the real one. The suite fails for a difference that is
 * not here, and for an entry here that is none any more.
 */
export const knownDifferences: readonly KnownDifference[] = [
  {
    cases: /./,
    path: /(^|\.)metadata\.managedFields$/,
    reason: "fields have no managers: only server-side apply reads them, and it is refused",
  },
];
