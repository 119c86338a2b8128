import { semanticEqual } from "../semantic-equal.ts";

/**
 * Says which members of two objects differ, one line for the old value and one for the new. The real server prints a diff
 * of its Go structs in its place.
 */
export function differenceText(value: object, old: object): string {
  const now = value as Members;
  const before = old as Members;
  const names = [...new Set([...Object.keys(now), ...Object.keys(before)])].sort();
  return names
    .filter((name) => !semanticEqual(now[name], before[name]))
    .map((name) => `-\t${name}: ${show(before[name])}\n+\t${name}: ${show(now[name])}\n`)
    .join("");
}

type Members = Readonly<Record<string, unknown>>;

function show(value: unknown): string {
  return JSON.stringify(value) ?? "nil";
}
