import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import { semanticEqual } from "./semantic-equal.ts";
import type { Strategy } from "./strategy.ts";
import { type FieldErrors, forbidden, invalid, invalidEach, tooLong } from "./validation/field-error.ts";
import { configMapKeyFaults } from "./validation/names.ts";
import { as } from "./views.ts";

// pkg/registry/core/configmap/strategy.go; core/validation/validation.go, ValidateConfigMap and …Update

/** Of ConfigMaps and of Secrets, keys not counted (pkg/apis/core/types.go, MaxSecretSize). */
export const maxDataBytes: number = 1024 * 1024;

/** How Go writes the path that stands for the object itself. */
const wholeObject = "[]";

type Values = Readonly<Record<string, string>>;

function validate(object: KubeObject): FieldErrors {
  const { data = {}, binaryData = {} } = as<json.ConfigMap>(object);
  const bytes = sum(data, (text) => Buffer.byteLength(text)) + sum(binaryData, base64Bytes);
  return [
    ...Object.keys(data).flatMap((key) => [
      ...invalidEach(`data[${key}]`, key, configMapKeyFaults(key)),
      ...(key in binaryData ? [invalid(`data[${key}]`, key, "duplicate of key present in binaryData")] : []),
    ]),
    ...Object.keys(binaryData).flatMap((key) => invalidEach(`binaryData[${key}]`, key, configMapKeyFaults(key))),
    ...(bytes > maxDataBytes ? [tooLong(wholeObject, maxDataBytes)] : []),
  ];
}

function sum(values: Values, bytesOf: (text: string) => number): number {
  return Object.values(values).reduce((total, text) => total + bytesOf(text), 0);
}

/** How many bytes a base64 text stands for. */
export function base64Bytes(text: string): number {
  return Buffer.byteLength(text, "base64");
}

/** Once immutable, for ever. @param members those that hold data */
export function validateFrozen(object: KubeObject, old: KubeObject, members: readonly string[]): FieldErrors {
  if (old["immutable"] !== true) return [];
  const text = "field is immutable when `immutable` is set";
  return [
    ...(object["immutable"] === true ? [] : [forbidden("immutable", text)]),
    ...members.flatMap((member) => (semanticEqual(object[member], old[member]) ? [] : [forbidden(member, text)])),
  ];
}

export const configMapStrategy: Strategy = {
  validate,
  validateUpdate: (object, old) => [...validateFrozen(object, old, ["data", "binaryData"]), ...validate(object)],
};
