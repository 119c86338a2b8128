import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Encoding, Transcript } from "./conformance-case.ts";

/** What the real server answered, by case and encoding; "same": what it answered in JSON. */
export type Recorded = Map<string, Partial<Record<Encoding, Transcript>>>;

/** Sources are read from where they are written, also by what was built of them. */
const folder: string = join(import.meta.dirname, "../../../src/server/recorded");

const pathOf = (group: string): string => join(folder, `${group}.jsonl`);

/** The recordings of a group of cases; empty if there are none yet. */
export function readRecorded(group: string): Recorded {
  const path = pathOf(group);
  const recorded: Recorded = new Map();
  if (!existsSync(path)) return recorded;
  for (const line of readFileSync(path, "utf8").trimEnd().split("\n")) {
    const { name, json, protobuf } = JSON.parse(line) as Line;
    recorded.set(name, {
      ...(json !== undefined && { json }),
      ...(protobuf !== undefined && { protobuf: protobuf === "same" ? (json ?? []) : protobuf }),
    });
  }
  return recorded;
}

/** One line for each case, so that a change of one is a change of one line. */
export function writeRecorded(group: string, recorded: Recorded): void {
  mkdirSync(folder, { recursive: true });
  const lines = [...recorded].map(([name, { json, protobuf }]) => {
    const same = JSON.stringify(sorted(json)) === JSON.stringify(sorted(protobuf));
    const line: Line = {
      name,
      ...(json !== undefined && { json: sorted(json) as Transcript }),
      ...(protobuf !== undefined && { protobuf: same ? "same" : (sorted(protobuf) as Transcript) }),
    };
    return JSON.stringify(line);
  });
  writeFileSync(pathOf(group), `${lines.join("\n")}\n`);
}

/** Eight letters for a value: a whole sequence of thousands would be megabytes. */
export function digestOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("hex")
    .slice(0, 8);
}

const digestPath = (seed: number): string => join(folder, `random-${seed}.txt`);

/** One digest for each step of the random sequence of a seed. */
export function readDigests(seed: number): readonly string[] {
  return existsSync(digestPath(seed)) ? readFileSync(digestPath(seed), "utf8").trimEnd().split("\n") : [];
}

export function writeDigests(seed: number, digests: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(digestPath(seed), `${digests.join("\n")}\n`);
}

interface Line {
  readonly name: string;
  readonly json?: Transcript;
  readonly protobuf?: Transcript | "same";
}

/** Members in the order of the alphabet, so that a recording does not change with the order of the server's. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sorted(entry)]),
  );
}
