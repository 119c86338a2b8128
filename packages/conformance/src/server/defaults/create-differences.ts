import type { KnownDifference } from "../harness/known-differences.ts";

/** Where the embedded server fills in, refuses and changes bodies otherwise than the real one, and why. */
export const createDifferences: readonly KnownDifference[] = [
  {
    cases: /./,
    path: /(^|\.)metadata\.managedFields$/,
    reason: "fields have no managers: only server-side apply reads them, and it is refused",
  },
  {
    cases: /^PersistentVolume/,
    path: /^body\.metadata\.finalizers$/,
    reason: "nobody is there who would take the protection of volumes away again (StorageObjectInUseProtection)",
  },
  {
    cases: /^Job: template/,
    path: /^(details\.causes\.0|message)$/,
    reason: "the fault of a whole template shows it as JSON, the real server shows the member names of its Go struct",
  },
];
