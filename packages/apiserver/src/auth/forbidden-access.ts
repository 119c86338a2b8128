import { ApiError } from "../api-error.ts";
import type { RequestInfo } from "../request-info.ts";
import { accessOf } from "./access.ts";
import type { Access, PathRequest } from "./auth.ts";

/** Nothing in an error may look like HTML (apiserver/pkg/endpoints/handlers/responsewriters/errors.go). */
function sanitized(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

const quoted = (text: string): string => JSON.stringify(text);

function sentence({ user, verb, group, resource, subresource, namespace }: Access): string {
  const what = quoted(subresource === "" ? resource : `${resource}/${subresource}`);
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${quoted(namespace)}`;
  return `User ${quoted(user.name)} cannot ${verb} resource ${what} in API group ${quoted(group)} ${where}`;
}

/** @param reason of the authorizer; may be "" */
function withReason(text: string, reason: string): string {
  return reason === "" ? sanitized(text) : `${sanitized(text)}: ${reason}`;
}

/** 403 of authorization, with the message of the same file. */
export function forbiddenAccess(access: Access, reason: string): ApiError {
  const { group, resource, name } = access;
  const qualified = group === "" ? resource : `${resource}.${group}`;
  const subject = name === "" ? qualified : `${qualified} ${quoted(name)}`;
  return new ApiError("Forbidden", `${subject} is forbidden: ${withReason(sentence(access), reason)}`, {
    ...(name !== "" && { name }),
    ...(group !== "" && { group }),
    kind: resource,
  });
}

export function forbiddenRequest(request: RequestInfo, reason: string): ApiError {
  return forbiddenAccess(accessOf(request), reason);
}

export function forbiddenPath({ user, verb, path }: PathRequest, reason: string): ApiError {
  const text = `User ${quoted(user.name)} cannot ${verb} path ${quoted(path)}`;
  return new ApiError("Forbidden", `forbidden: ${withReason(text, reason)}`, {});
}
