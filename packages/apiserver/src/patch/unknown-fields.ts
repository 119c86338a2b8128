import { type FieldSchema, goQuote, type TypeSchema, typeSchema } from "@hollowfleet/wire";
import { isMembers, type Members } from "./members.ts";

/** Go's decoder reports no more (sigs.k8s.io/json, kubernetes_patch.go). */
const maxFaults = 100;

/**
 * `unknown field "spec.foo"` for each member that its type does not have, in the order of the object.
 * @param mapKeys whether paths name the keys of maps: they do for JSON bodies, they do not for strategic merge patches
 */
export function unknownFields(
  object: Members,
  type: TypeSchema,
  { mapKeys = true }: { mapKeys?: boolean } = {},
): string[] {
  const faults: string[] = [];
  const walk: Walk = { faults, mapKeys };
  for (const name of Object.keys(object)) {
    // The kind's own schema may leave out what every object has.
    if (name !== "apiVersion" && name !== "kind") walkField(walk, type.fields.get(name), name, object[name]);
  }
  return faults;
}

interface Walk {
  readonly faults: string[];
  readonly mapKeys: boolean;
}

function walkObject(walk: Walk, type: TypeSchema, object: unknown, path: string): void {
  if (!isMembers(object)) return;
  for (const name of Object.keys(object)) walkField(walk, type.fields.get(name), `${path}.${name}`, object[name]);
}

function walkField(walk: Walk, field: FieldSchema | undefined, path: string, value: unknown): void {
  if (field === undefined) {
    if (walk.faults.length < maxFaults) walk.faults.push(`unknown field ${goQuote(path)}`);
    return;
  }
  const type = field.ref === undefined ? undefined : typeSchema(field.ref);
  if (type === undefined) return;
  if (!field.map) walkElements(walk, field, type, value, path);
  else if (isMembers(value)) {
    for (const key of Object.keys(value)) {
      walkElements(walk, field, type, value[key], walk.mapKeys ? `${path}.${key}` : path);
    }
  }
}

function walkElements(walk: Walk, { list }: FieldSchema, type: TypeSchema, value: unknown, path: string): void {
  if (!list) walkObject(walk, type, value, path);
  else if (Array.isArray(value)) {
    for (const [i, element] of value.entries()) walkObject(walk, type, element, `${path}[${i}]`);
  }
}
