import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import { nanosOf } from "../quantities.ts";
import type { Strategy } from "../strategy.ts";
import { validateImmutable } from "../validation/common.ts";
import { differenceText } from "../validation/difference-text.ts";
import { type FieldErrors, forbidden } from "../validation/field-error.ts";
import { as, keep } from "../views.ts";
import { setClaimSpecDefaults } from "./claim-defaults.ts";
import { validateClaimSpec } from "./validate-claim.ts";

// pkg/registry/core/persistentvolumeclaim/strategy.go; core/validation/validation.go, ValidatePersistentVolumeClaimUpdate

function defaults(object: KubeObject): void {
  const claim = as<json.PersistentVolumeClaim>(object);
  claim.status ??= {};
  claim.status.phase ||= "Pending";
  claim.spec ??= {};
  setClaimSpecDefaults(claim.spec);
}

function specOf(object: KubeObject): json.PersistentVolumeClaimSpec {
  return as<json.PersistentVolumeClaim>(object).spec ?? {};
}

/** Two members for one thing, of which either will do (pkg/api/persistentvolumeclaim/util.go, NormalizeDataSources). */
function alignSources(spec: json.PersistentVolumeClaimSpec): void {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource !== undefined && dataSourceRef === undefined) spec.dataSourceRef = { ...dataSource };
  if (dataSourceRef !== undefined && dataSource === undefined && !dataSourceRef.namespace) {
    const { namespace: _, ...reference } = dataSourceRef;
    spec.dataSource = reference;
  }
}

function validateChange(object: KubeObject, old: KubeObject): FieldErrors {
  const [spec, before] = [specOf(object), specOf(old)];
  const oldStatus = as<json.PersistentVolumeClaim>(old).status ?? {};
  const isBound = oldStatus.phase === "Bound";
  const free = (one: json.PersistentVolumeClaimSpec) => {
    const { volumeName, resources, volumeAttributesClassName, ...rest } = one;
    const { storage, ...requests } = resources?.requests ?? {};
    return {
      ...rest,
      limits: resources?.limits,
      requests: isBound ? requests : { ...requests, storage },
      volumeAttributesClassName: isBound ? undefined : volumeAttributesClassName,
      volumeName: before.volumeName ? volumeName : undefined,
    };
  };
  const difference = differenceText(free(spec), free(before));
  const text =
    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
  const size = nanosOf(spec.resources?.requests?.["storage"]);
  const isShrunk =
    size < nanosOf(before.resources?.requests?.["storage"]) && size <= nanosOf(oldStatus.capacity?.["storage"]);
  return [
    ...(difference === "" ? [] : [forbidden("spec", `${text}\n${difference}`)]),
    ...(isShrunk ? [forbidden("spec.resources.requests.storage", "field can not be less than status.capacity")] : []),
    ...validateImmutable("volumeMode", spec.volumeMode, before.volumeMode),
  ];
}

export const persistentVolumeClaimStrategy: Strategy = {
  defaults,
  prepareForCreate(object) {
    // Decoded again from what is stored, a claim gets the phase that defaulting gives.
    object["status"] = { phase: "Pending" };
    alignSources(specOf(object));
  },
  validate: (object) => validateClaimSpec("spec", specOf(object)),
  prepareForUpdate(object, old) {
    keep("status", object, old);
    alignSources(specOf(object));
  },
  validateUpdate: (object, old) => [...validateClaimSpec("spec", specOf(object)), ...validateChange(object, old)],
  prepareForStatusUpdate: (object, old) => keep("spec", object, old),
};
