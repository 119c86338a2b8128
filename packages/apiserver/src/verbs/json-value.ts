/** A deep copy of a value in JSON form; several times faster than structuredClone. */
export function cloneJson<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(cloneJson) as T;
  const copy: Record<string, unknown> = {};
  for (const [member, child] of Object.entries(value)) {
    const cloned = cloneJson(child);
    // Assigned, this name would set the prototype.
    if (member === "__proto__") Object.defineProperty(copy, member, { value: cloned, ...plainMember });
    else copy[member] = cloned;
  }
  return copy as T;
}

const plainMember = { writable: true, enumerable: true, configurable: true };

/** A value as an object, {} for anything else: for reading what a client sent. */
export function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** What is at a path of members, e.g. ["spec", "nodeName"]. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const member of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string, unknown>)[member];
  }
  return found;
}
