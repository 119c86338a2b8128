import { type FieldErrors, invalid } from "./field-error.ts";

// Paths inside of volumes: core/validation/validation.go, validateLocalDescendingPath and its neighbours.

export function validateNoBacksteps(field: string, path: string): FieldErrors {
  return path.split("/").includes("..") ? [invalid(field, path, "must not contain '..'")] : [];
}

/** Relative, and nowhere above its start. */
export function validateDescendingPath(field: string, path: string): FieldErrors {
  const absolute = path.startsWith("/") ? [invalid(field, path, "must be a relative path")] : [];
  return [...absolute, ...validateNoBacksteps(field, path)];
}

/** Nor beginning with two dots, which the kubelet keeps for itself. */
export function validateUnreservedPath(field: string, path: string): FieldErrors {
  const isReserved = path.startsWith("..") && !path.startsWith("../");
  const reserved = isReserved ? [invalid(field, path, "must not start with '..'")] : [];
  return [...validateDescendingPath(field, path), ...reserved];
}

/** Permission bits of a file. */
export function validateFileMode(field: string, mode: number | undefined): FieldErrors {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return [];
  return [invalid(field, mode, "must be a number between 0 and 0777 (octal), both inclusive")];
}
