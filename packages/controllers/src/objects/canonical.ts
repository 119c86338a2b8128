/**
 * One text for all spellings of a value: members in order, and what is empty left out, since Go's writers differ in
 * whether they write it and the API server's semantic comparison takes both for equal (apimachinery, api/equality).
 */
export function canonicalJson(value: unknown): string {
  return render(value) ?? "{}";
}

function render(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "" || value === 0) return undefined;
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) {
    return value.length === 0 ? undefined : `[${value.map((item) => render(item) ?? "{}").join(",")}]`;
  }
  const members = Object.entries(value)
    .map(([name, member]) => [name, render(member)] as const)
    .filter(([, text]) => text !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => `${JSON.stringify(name)}:${text}`);
  return members.length === 0 ? undefined : `{${members.join(",")}}`;
}

/** Whether two values mean the same: see `canonicalJson`. */
export function sameValue(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}

/** The members that Go's `omitempty` writes: no zero, empty text, empty list or undefined. */
export function omitEmpty<T extends object>(value: T): T {
  const kept = Object.entries(value).filter(
    ([, member]) =>
      member !== undefined && member !== 0 && member !== "" && !(Array.isArray(member) && member.length === 0),
  );
  return Object.fromEntries(kept) as T;
}
