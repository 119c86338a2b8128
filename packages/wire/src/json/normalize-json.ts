import { base64Bytes } from "./base64.ts";
import { checkInteger, checkIntOrString, checkList, checkMembers, checkText, checkTimeText } from "./checks.ts";
import { type Members, setMember } from "./json-object.ts";
import { quantityFromJson } from "./quantity-text.ts";
import { rawText } from "./raw-text.ts";
import { kindPlan } from "./schema.ts";
import { microTimeText, parseMicroTime, parseTime, timeText } from "./time-text.ts";
import { trail, typeFault } from "./type-fault.ts";
import type { FieldPlan, TypePlan } from "./type-plan.ts";
import type { JsonObject, TypedObject } from "./typed-object.ts";
import { elementZero, zeroOf } from "./zero-value.ts";

/**
 * What Go makes of a JSON body by decoding it, storing it and writing it again: members that the kind does not have are
 * dropped, so are zero values, empty lists and nulls where Go leaves them out; what Go always writes is there; quantities,
 * times and base64 are in their one form. Nothing of the result is shared with `object`, which stays as it is.
 * @throws CodecError `unknown-kind`; `malformed`, in Go's words, for a value of the wrong type, with its path
 */
export function normalizeJson(object: TypedObject): JsonObject {
  const { apiVersion, kind } = object;
  const plan = kindPlan(apiVersion, kind);
  const out: JsonObject = { kind, apiVersion };
  normalizeFields(plan, object as unknown as Members, out, 0);
  return out;
}

function normalizeFields(plan: TypePlan, object: Members, out: Members, depth: number): Members {
  const { members } = plan;
  for (let at = 0; at < members.length; at++) {
    const field = members[at] as FieldPlan;
    const value = object[field.name];
    let normal: unknown;
    if (value !== undefined && value !== null) {
      trail[depth] = field.trailName;
      normal = normalizeField(plan, field, value, depth);
    }
    if (normal !== undefined) out[field.name] = normal;
    else if (field.always === true) out[field.name] = zeroOf(field);
  }
  return out;
}

/** Undefined for what is left out. */
function normalizeField(owner: TypePlan, field: FieldPlan, value: unknown, depth: number): unknown {
  if (field.map === true) return normalizeMap(owner, field, checkMembers(owner, field, value, depth), depth);
  if (field.list === true) {
    const list = checkList(owner, field, value, depth);
    return list.length === 0 ? undefined : list.map((element) => normalizeElement(owner, field, element, depth));
  }
  const normal = normalizeElement(owner, field, value, depth);
  const isLeftOut = field.omitZero && (normal === "" || normal === 0 || normal === false || normal === null);
  return isLeftOut ? undefined : normal;
}

function normalizeMap(owner: TypePlan, field: FieldPlan, map: Members, depth: number): Members | undefined {
  const keys = Object.keys(map);
  if (keys.length === 0) return undefined;
  const out: Members = {};
  for (const key of keys) setMember(out, key, normalizeEntry(owner, field, map[key], depth));
  return out;
}

function normalizeEntry(owner: TypePlan, field: FieldPlan, value: unknown, depth: number): unknown {
  if (field.list !== true)
    return normalizeElement(owner, field, value, depth) ?? (field.wireType === "bytes" ? "" : null);
  if (value === null) return null;
  const list = checkList(owner, field, value, depth);
  return list.length === 0 ? null : list.map((element) => normalizeElement(owner, field, element, depth));
}

function normalizeElement(owner: TypePlan, field: FieldPlan, value: unknown, depth: number): unknown {
  if (value === null) return elementZero(field);
  switch (field.wireType) {
    case "string":
      return checkText(owner, field, value, depth);
    case "int32":
    case "int64":
      // + 0 makes 0 of -0, which JSON has and integers have not.
      return checkInteger(owner, field, value, depth) + 0;
    case "bool":
      if (typeof value !== "boolean") throw typeFault(owner, depth, field.goType, value);
      return value;
    case "bytes":
      return base64Bytes(checkText(owner, field, value, depth)).toString("base64");
    case "object": {
      const members = checkMembers(owner, field, value, depth);
      const out = normalizeFields(field.message as TypePlan, members, {}, depth + 1);
      return field.embeddedKind === undefined ? out : Object.assign(out, field.embeddedKind);
    }
    default:
      return normalizeWrapped(owner, field, value, depth);
  }
}

function normalizeWrapped(owner: TypePlan, field: FieldPlan, value: unknown, depth: number): unknown {
  switch (field.wireType) {
    case "time":
      return timeText(parseTime(checkTimeText(owner, value, depth)));
    case "microtime":
      return microTimeText(parseMicroTime(checkTimeText(owner, value, depth)));
    case "quantity":
      return quantityFromJson(value);
    case "raw":
      return JSON.parse(rawText(value));
    default:
      return checkIntOrString(owner, value, depth);
  }
}
