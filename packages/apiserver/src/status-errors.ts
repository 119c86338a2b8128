import { ApiError, type StatusCause } from "./api-error.ts";
import type { ResourceInfo } from "./resources/resource-info.ts";

// Messages have the shape of apimachinery/pkg/api/errors/errors.go, since clients and people match on them.

function qualified(resource: ResourceInfo): string {
  return resource.group === "" ? resource.resource : `${resource.resource}.${resource.group}`;
}

function detailsOf(resource: ResourceInfo, name: string) {
  return {
    ...(name !== "" && { name }),
    ...(resource.group !== "" && { group: resource.group }),
    kind: resource.resource,
  };
}

export function notFound(resource: ResourceInfo, name: string): ApiError {
  return new ApiError("NotFound", `${qualified(resource)} "${name}" not found`, detailsOf(resource, name));
}

export function alreadyExists(resource: ResourceInfo, name: string): ApiError {
  return new ApiError("AlreadyExists", `${qualified(resource)} "${name}" already exists`, detailsOf(resource, name));
}

export function conflict(resource: ResourceInfo, name: string, why: string): ApiError {
  const text = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
  return new ApiError("Conflict", text, detailsOf(resource, name));
}

/** The why of `conflict` when the object was changed since it was read (registry/generic/registry/store.go). */
export const modifiedText =
  "the object has been modified; please apply your changes to the latest version and try again";

export function forbidden(resource: ResourceInfo, name: string, why: string): ApiError {
  const subject = name === "" ? `${qualified(resource)} is forbidden` : `${qualified(resource)} "${name}" is forbidden`;
  return new ApiError("Forbidden", `${subject}: ${why}`, detailsOf(resource, name));
}

/** @param causes at least one; `message` of each begins with what is wrong, without the field */
export function invalid(
  resource: Pick<ResourceInfo, "group" | "kind">,
  name: string,
  causes: readonly StatusCause[],
): ApiError {
  // A text that comes twice is told once (util/validation/field/errors.go, ToAggregate).
  const texts = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  const { kind } = resource;
  // Inside of the real server, the Events of both groups are the core group's kind.
  const group = resource.group === "events.k8s.io" ? "" : resource.group;
  const qualifiedKind = group === "" ? kind : `${kind}.${group}`;
  return new ApiError("Invalid", `${qualifiedKind} "${name}" is invalid: ${list}`, {
    ...(name !== "" && { name }),
    ...(group !== "" && { group }),
    kind,
    causes,
  });
}

export function badRequest(why: string): ApiError {
  return new ApiError("BadRequest", why);
}

/** 410 with which a watch or a continued list is told to begin anew. */
export function expired(why: string): ApiError {
  return new ApiError("Expired", why);
}
