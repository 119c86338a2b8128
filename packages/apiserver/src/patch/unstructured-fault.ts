import { type FieldSchema, type TypeSchema, typeSchema } from "@hollowfleet/wire";
import { goKind } from "./go-text.ts";
import { isMembers, type Members } from "./members.ts";

/**
 * What the real server says of the first value of the wrong type in a strategically merged object: its conversion
 * (apimachinery, pkg/runtime/converter.go) has other words than its JSON decoder, and no path. undefined if it finds none.
 */
export function unstructuredFault(object: Members, type: TypeSchema): string | undefined {
  for (const [name, field] of type.fields) {
    const value = object[name];
    const fault = value === undefined || value === null ? undefined : fieldFault(field, value);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function fieldFault(field: FieldSchema, value: unknown): string | undefined {
  if (!field.map) return entryFault(field, value);
  if (!isMembers(value)) return `cannot restore map from ${goKind(value)}`;
  return firstFault(Object.values(value), (entry) => entryFault(field, entry));
}

function entryFault(field: FieldSchema, value: unknown): string | undefined {
  if (!field.list) return elementFault(field, value);
  if (!Array.isArray(value)) return `cannot restore slice from ${goKind(value)}`;
  return firstFault(value, (element) => elementFault(field, element));
}

function firstFault(values: readonly unknown[], faultOf: (value: unknown) => string | undefined): string | undefined {
  for (const value of values) {
    const fault = value === null ? undefined : faultOf(value);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function elementFault({ type, ref }: FieldSchema, value: unknown): string | undefined {
  const kind = goKind(value);
  switch (type) {
    case "object": {
      if (!isMembers(value)) return `cannot restore struct from: ${kind}`;
      const schema = ref === undefined ? undefined : typeSchema(ref);
      return schema === undefined ? undefined : unstructuredFault(value, schema);
    }
    case "string":
      if (kind === "string") return undefined;
      return kind === "int64" ? "cannot convert int64 to string" : "unrecognized type: string";
    case "bool":
      return kind === "bool" ? undefined : "unrecognized type: bool";
    case "int":
      if (kind === "int64") return undefined;
      return kind === "float64" ? "cannot convert float64 to int32" : "unrecognized type: int32";
    default:
      return undefined;
  }
}
