import type { Fault } from "./scenario-check.ts";

/** Data as JSON knows it. */
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * Sets fields of plain data from `a.b.0.c=value` texts. A value is read as JSON, else taken as text. Returns the changed
 * copy and what could not be set: the field must be there already, so that a slip of the pen is not lost.
 */
export function applySettings(data: unknown, settings: readonly string[]): { data: unknown; faults: Fault[] } {
  const copy = structuredClone(data) as Json;
  const faults: Fault[] = [];
  for (const setting of settings) {
    const fault = applyOne(copy, setting);
    if (fault !== undefined) faults.push(fault);
  }
  return { data: copy, faults };
}

/** Fields that may be added where they are not: free maps and what a pool may leave out. */
const openFields = /^(labels|annotations|capacity|allocatable|requests|nodeInfo|zone|instanceType|images)$/;

function applyOne(root: Json, setting: string): Fault | undefined {
  const equals = setting.indexOf("=");
  if (equals < 1)
    return { path: setting, message: 'must have the form field.path=value, as in "fleet.nodeRatePerS=10"' };
  const path = setting.slice(0, equals);
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let at: Json = root;
  for (const [depth, key] of keys.entries()) {
    const next: Json | undefined = child(at, key);
    if (next === undefined) return unknown(path, keys.slice(0, depth + 1), at);
    at = next;
  }
  const parent = keys.at(-1) ?? "";
  if (typeof at !== "object" || at === null) return unknown(path, [...keys, last], at);
  if (child(at, last) === undefined && !openFields.test(last) && !openFields.test(parent)) {
    return unknown(path, [...keys, last], at);
  }
  (at as Record<string, Json>)[last] = parseValue(setting.slice(equals + 1));
  return undefined;
}

function child(at: Json, key: string): Json | undefined {
  if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
  return (at as Record<string, Json>)[key];
}

function unknown(path: string, reached: readonly string[], at: Json): Fault {
  const known = typeof at === "object" && at !== null ? Object.keys(at).join(", ") : "nothing";
  return { path, message: `there is no ${reached.join(".")}; known there: ${known}` };
}

function parseValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
