import type { json } from "@hollowfleet/wire";
import { formatQuantity } from "@hollowfleet/wire";
import { nanosOf, readQuantity } from "../quantities.ts";
import {
  type FieldErrors,
  forbidden,
  invalid,
  invalidEach,
  notSupported,
  required,
} from "../validation/field-error.ts";
import { validateLabelSelector } from "../validation/labels.ts";
import { dnsSubdomainFaults } from "../validation/names.ts";

// core/validation/validation.go, ValidatePersistentVolumeClaimSpec; data sources are not looked at

const accessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const volumeModes = ["Block", "Filesystem"];

export function validateAccessModes(field: string, modes: readonly string[], why: string): FieldErrors {
  const others = modes.some((mode) => mode !== "ReadWriteOncePod" && accessModes.includes(mode));
  const isMixed = modes.includes("ReadWriteOncePod") && others;
  return [
    ...(modes.length === 0 ? [required(field, why)] : []),
    ...modes.flatMap((mode) => (accessModes.includes(mode) ? [] : [notSupported(field, mode, accessModes)])),
    ...(isMixed ? [forbidden(field, "may not use ReadWriteOncePod with other access modes")] : []),
  ];
}

export function validateVolumeMode(field: string, mode: string | undefined): FieldErrors {
  return mode === undefined || volumeModes.includes(mode) ? [] : [notSupported(field, mode, volumeModes)];
}

/** The name of a class; empty is no class. */
export function validateClassName(field: string, name = ""): FieldErrors {
  return name === "" ? [] : invalidEach(field, name, dnsSubdomainFaults(name));
}

export function validatePositiveQuantity(field: string, value: unknown): FieldErrors {
  const quantity = readQuantity(value);
  if (nanosOf(value) > 0n) return [];
  return [invalid(field, quantity === undefined ? value : formatQuantity(quantity), "must be greater than zero")];
}

export function validateClaimSpec(field: string, spec: json.PersistentVolumeClaimSpec): FieldErrors {
  const storage = spec.resources?.requests?.["storage"];
  const path = `${field}.resources[storage]`;
  return [
    ...validateSelectorAndModes(field, spec),
    ...(storage === undefined ? [required(path)] : validatePositiveQuantity(path, storage)),
    ...validateClassName(`${field}.storageClassName`, spec.storageClassName),
    ...validateVolumeMode(`${field}.volumeMode`, spec.volumeMode),
    ...validateClassName(`${field}.volumeAttributesClassName`, spec.volumeAttributesClassName),
  ];
}

/** Upstream asks for modes, then looks at the selector, then at each mode. */
function validateSelectorAndModes(field: string, spec: json.PersistentVolumeClaimSpec): FieldErrors {
  const path = `${field}.accessModes`;
  const modes = spec.accessModes ?? [];
  const selector = validateLabelSelector(`${field}.selector`, spec.selector);
  const faults = validateAccessModes(path, modes, "at least 1 access mode is required");
  return modes.length === 0 ? [...faults, ...selector] : [...selector, ...faults];
}
