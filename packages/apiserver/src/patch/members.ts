/** A JSON object that may have any members; names come from clients, so it is read with `memberOf` only. */
export type Members = Record<string, unknown>;

export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An own member; what objects inherit ("constructor") is none. */
export function memberOf(members: Members, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

/** Sets a member in place, whatever its name: assigning to `__proto__` would set none. */
export function setMember(members: Members, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
  } else members[name] = value;
}
