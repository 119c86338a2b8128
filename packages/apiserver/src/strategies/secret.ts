import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import { base64Bytes, maxDataBytes, validateFrozen } from "./config-map.ts";
import type { Strategy } from "./strategy.ts";
import { validateImmutable } from "./validation/common.ts";
import { type FieldErrors, invalid, invalidEach, required, tooLong } from "./validation/field-error.ts";
import { configMapKeyFaults } from "./validation/names.ts";
import { as } from "./views.ts";

// pkg/registry/core/secret/strategy.go; core/validation/validation.go, ValidateSecret and …Update

/** Keys without which a Secret of a type is refused; the content of the docker ones has to be JSON. */
const neededKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

const accountKey = "kubernetes.io/service-account.name";

function defaults(object: KubeObject): void {
  const secret = as<json.Secret>(object);
  secret.type ||= "Opaque";
  const { stringData } = secret;
  if (stringData === undefined) return;
  // Write-only: what is read has it in `data` (core/v1/conversion.go).
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
  delete secret.stringData;
  if (encoded.length > 0) secret.data = { ...secret.data, ...Object.fromEntries(encoded) };
}

function validate(object: KubeObject): FieldErrors {
  const { data = {} } = as<json.Secret>(object);
  const bytes = Object.values(data).reduce((total, text) => total + base64Bytes(text), 0);
  return [
    ...Object.keys(data).flatMap((key) => invalidEach(`data[${key}]`, key, configMapKeyFaults(key))),
    ...(bytes > maxDataBytes ? [tooLong("data", maxDataBytes)] : []),
    ...validateType(object, data),
  ];
}

function validateType(object: KubeObject, data: Readonly<Record<string, string>>): FieldErrors {
  const { type = "" } = as<json.Secret>(object);
  if (type === "kubernetes.io/service-account-token") {
    const account = object.metadata.annotations?.[accountKey] ?? "";
    return account === "" ? [required(`metadata.annotations[${accountKey}]`)] : [];
  }
  if (type === "kubernetes.io/basic-auth") {
    if ("username" in data || "password" in data) return [];
    return [required("data[username]"), required("data[password]")];
  }
  const isEmptyAllowed = type !== "kubernetes.io/ssh-auth";
  return (neededKeys[type] ?? []).flatMap((key) => {
    const text = data[key];
    if (text === undefined || (text === "" && !isEmptyAllowed)) return [required(`data[${key}]`)];
    return key.startsWith(".docker") ? validateJson(`data[${key}]`, text) : [];
  });
}

function validateJson(field: string, base64: string): FieldErrors {
  const fault = (text: string) => [invalid(field, "<secret contents redacted>", text)];
  try {
    const value: unknown = JSON.parse(Buffer.from(base64, "base64").toString());
    const isObject = typeof value === "object" && !Array.isArray(value);
    return isObject ? [] : fault("json: cannot unmarshal into Go value of type map[string]interface {}");
  } catch (error) {
    return fault(error instanceof Error ? error.message : String(error));
  }
}

export const secretStrategy: Strategy = {
  defaults,
  validate,
  prepareForUpdate(object, old) {
    if (!object["type"]) object["type"] = old["type"];
  },
  validateUpdate: (object, old) => [
    ...validateImmutable("type", object["type"], old["type"]),
    ...validateFrozen(object, old, ["data"]),
    ...validate(object),
  ],
  selectableFields: (object) => ({ type: as<json.Secret>(object).type ?? "" }),
};
