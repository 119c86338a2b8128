/**
 * Whether two objects would be stored as the same bytes. Absent members, null, empty lists and empty maps are one; an empty text
 * is a value, since that of a label or of data is kept.
 */
export function unchanged(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isNothing(a)) return isNothing(b);
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => unchanged(item, b[index]));
  }
  if (!isMembers(a) || !isMembers(b) || Array.isArray(b)) return false;
  for (const member in a) if (!unchanged(a[member], b[member])) return false;
  for (const member in b) if (!(member in a) && !isNothing(b[member])) return false;
  return true;
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMembers(value) && Object.values(value).every(isNothing);
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
