import { isMembers } from "./members.ts";

/** A JSON value as Go's `%v` prints it, in which error messages show patches: `map[a:1 b:[x y]]`. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (value === null || value === undefined) return "<nil>";
  if (!isMembers(value)) return String(value);
  const entries = Object.keys(value)
    .sort()
    .map((name) => `${name}:${goText(value[name])}`);
  return `map[${entries.join(" ")}]`;
}

/** Go's reflect.Kind of a JSON value as its decoders hold it. */
export function goKind(value: unknown): string {
  if (Array.isArray(value)) return "slice";
  if (isMembers(value)) return "map";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return value === null || value === undefined ? "nil" : "string";
}

/** Go's reflect.Type of the same. */
export function goType(value: unknown): string {
  const kind = goKind(value);
  if (kind === "slice") return "[]interface {}";
  return kind === "map" ? "map[string]interface {}" : kind;
}

/** What Go's JSON decoder calls a value that is not of the type it expects (encoding/json, UnmarshalTypeError). */
export function jsonTypeName(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}
