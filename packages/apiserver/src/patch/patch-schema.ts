import { type FieldSchema, type TypeSchema, typeSchema } from "@hollowfleet/wire";
import { doesNotApply } from "./strategic-error.ts";

/** What a strategic merge patch knows of a value: its type if it is an object, and how a merge treats it. */
export interface PatchSchema {
  /** Of an object, or of the elements of a list; undefined for maps, scalars and JSON without a schema. */
  readonly type: TypeSchema | undefined;
  readonly strategy: "merge" | "replace" | undefined;
  /** "" for none. */
  readonly mergeKey: string;
}

/** Of a member that is an object on both sides. @throws StrategicError */
export function objectSchema(owner: TypeSchema | undefined, name: string): PatchSchema {
  return patchSchema(fieldOf(owner, name));
}

/** Of a member that is a list. @throws StrategicError */
export function listSchema(owner: TypeSchema | undefined, name: string): PatchSchema {
  const field = fieldOf(owner, name);
  if (!field.list) throw doesNotApply("expected slice or array type, but got: struct");
  return patchSchema(field);
}

function fieldOf(owner: TypeSchema | undefined, name: string): FieldSchema {
  if (owner === undefined) throw doesNotApply("merging an object in json but data type is not struct, instead is: map");
  const field = owner.fields.get(name);
  if (field !== undefined) return field;
  throw doesNotApply(`unable to find api field in struct ${owner.name} for the json field ${JSON.stringify(name)}`);
}

function patchSchema({ ref, map, patchStrategy = [], patchMergeKey = "" }: FieldSchema): PatchSchema {
  return {
    type: ref === undefined || map ? undefined : typeSchema(ref),
    strategy: patchStrategy.includes("merge") ? "merge" : patchStrategy.includes("replace") ? "replace" : undefined,
    mergeKey: patchMergeKey,
  };
}
