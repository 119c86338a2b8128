/**
 * Whether two values in JSON form mean the same, as apimachinery/pkg/api/equality's Semantic.DeepEqual sees it: absent, null,
 * an empty list and an empty map are one. Objects have been normalized: an empty text is left only where it is a value, as
 * that of a label or of data.
 */
export function semanticEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isEmpty(a)) return isEmpty(b);
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => semanticEqual(item, b[index]));
  }
  if (!isObject(a) || !isObject(b) || Array.isArray(b)) return false;
  for (const member in a) if (!semanticEqual(a[member], b[member])) return false;
  for (const member in b) if (!(member in a) && !isEmpty(b[member])) return false;
  return true;
}

/** Nothing that Go would tell from its zero value, numbers and booleans apart: they may stand behind a pointer. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isObject(value)) return false;
  for (const member in value) if (!isEmpty(value[member])) return false;
  return true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
