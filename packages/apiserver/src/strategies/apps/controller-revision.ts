import type { KubeObject } from "../../object.ts";
import type { Strategy } from "../strategy.ts";
import { validateImmutable, validateNonNegative } from "../validation/common.ts";
import { type FieldErrors, required } from "../validation/field-error.ts";

/** apps/validation/validation.go, ValidateControllerRevisionCreate and …Update */
function validateData({ data }: KubeObject): FieldErrors {
  if (data === undefined || data === null) return [required("data", "data is mandatory")];
  const isObject = typeof data === "object" && !Array.isArray(data);
  return isObject ? [] : [required("data", "data must be a valid JSON object")];
}

function validateRevision({ revision }: KubeObject): FieldErrors {
  return validateNonNegative("revision", revision as number | undefined);
}

export const controllerRevisionStrategy: Strategy = {
  validate: (object) => [...validateRevision(object), ...validateData(object)],
  validateUpdate: (object, old) => [
    ...validateRevision(object),
    ...validateImmutable("data", object["data"], old["data"]),
  ],
};
