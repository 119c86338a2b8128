import type { RequestInfo } from "../request-info.ts";
import type { Access, Decision } from "./auth.ts";

export const allowed: Decision = { allowed: true };

/** Denied without a word, as RBAC does it. */
export const denied: Decision = { allowed: false, reason: "" };

/** What an authorizer looks at in a request (apiserver/pkg/endpoints/request/requestinfo.go). */
export function accessOf(request: RequestInfo): Access {
  const { user, verb, resource, subresource, name, fieldSelector } = request;
  // A path below /namespaces/NAME counts as within that namespace, the Namespace object itself included.
  const isNamespace = resource.resource === "namespaces" && resource.group === "";
  return {
    user,
    verb,
    group: resource.group,
    resource: resource.resource,
    subresource,
    namespace: isNamespace ? name : request.namespace,
    name: name === "" ? selectedName(verb, fieldSelector) : name,
    fieldSelector,
  };
}

/** A list or watch of one object by its name counts as asking for that object. */
function selectedName(verb: string, fieldSelector: string | undefined): string {
  if (fieldSelector === undefined || (verb !== "list" && verb !== "watch")) return "";
  const name = requiredValue(fieldSelector, "metadata.name") ?? "";
  return name === "." || name === ".." || /[/%]/.test(name) ? "" : name;
}

/** The value that a field selector demands of a field, if it demands one. Escapes are those of apimachinery/pkg/fields. */
export function requiredValue(fieldSelector: string | undefined, field: string): string | undefined {
  // Most requests have none, or one short term.
  if (fieldSelector === undefined || !fieldSelector.includes(field)) return undefined;
  for (const term of fieldSelector.split(/(?<!\\),/)) {
    const [, name, value] = /^([^=!]*)==?(.*)$/s.exec(term) ?? [];
    if (name === field) return value?.replace(/\\([\\,=])/g, "$1");
  }
  return undefined;
}
