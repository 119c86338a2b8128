/** Members by name, of an object as JSON.parse or this package makes it. */
export type Members = Record<string, unknown>;

/** Sets a member of a map whose names are not ours: `__proto__` is one like any other. */
export function setMember(map: Members, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(map, name, { value, writable: true, enumerable: true, configurable: true });
  } else map[name] = value;
}
