import { ApiError, type StatusCause } from "../api-error.ts";
import type { KubeObject } from "../object.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { invalid as invalidField, notSupported } from "../strategies/validation/field-error.ts";
import type { DeleteOptions } from "./api.ts";

const policies = ["Foreground", "Background", "Orphan"];

/** 422 for an option object of apimachinery/pkg/apis/meta/v1, e.g. DeleteOptions. */
export function invalidOptions(kind: string, causes: readonly StatusCause[]): ApiError {
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  const details = { group: "meta.k8s.io", kind, causes };
  return new ApiError("Invalid", `${kind}.meta.k8s.io "" is invalid: ${list}`, details);
}

/** @throws ApiError Invalid (apimachinery/pkg/apis/meta/v1/validation/validation.go, ValidateDeleteOptions) */
export function checkDeleteOptions({ orphanDependents, propagationPolicy: policy }: DeleteOptions): void {
  const causes: StatusCause[] = [];
  if (policy !== undefined && orphanDependents !== undefined) {
    const text = "orphanDependents and deletionPropagation cannot be both set";
    causes.push(invalidField("propagationPolicy", policy, text));
  }
  if (policy !== undefined && !policies.includes(policy)) {
    causes.push(notSupported("propagationPolicy", policy, [...policies, "nil"]));
  }
  if (causes.length > 0) throw invalidOptions("DeleteOptions", causes);
}

/** @throws ApiError Conflict (registry/rest/delete.go, BeforeDelete); upstream names the kind where the resource belongs */
export function checkDeletePreconditions(
  { group, kind }: Pick<ResourceInfo, "group" | "kind">,
  { metadata }: KubeObject,
  { uid, resourceVersion }: NonNullable<DeleteOptions["preconditions"]>,
): void {
  const { name = "" } = metadata;
  const differ = (what: string, wanted: string, found: string, why: string) => {
    const text = `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${found}). The object might have been ${why}`;
    const qualified = group === "" ? kind : `${kind}.${group}`;
    return new ApiError("Conflict", `Operation cannot be fulfilled on ${qualified} "${name}": ${text}`, {
      ...(name !== "" && { name }),
      ...(group !== "" && { group }),
      kind,
    });
  };
  if (uid !== undefined && uid !== metadata.uid) {
    throw differ("UID", uid, metadata.uid ?? "", "deleted and then recreated");
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw differ("ResourceVersion", resourceVersion, metadata.resourceVersion ?? "", "modified");
  }
}
