import type { KubeObject, OwnerReference } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import { findSubresource } from "../resources/all-resources.ts";
import { groupVersion } from "../resources/resource-info.ts";
import { badRequest } from "../status-errors.ts";
import { members } from "./json-value.ts";

/** apiVersion and kind that the body of a request has: those of the subresource where it has its own. */
function expectedType({ resource, subresource }: RequestInfo): { apiVersion: string; kind: string } {
  const found = subresource === "" ? undefined : findSubresource(resource, subresource);
  const { group = resource.group, version = resource.version, kind } = found ?? resource;
  return { apiVersion: groupVersion({ group, version }), kind };
}

/** Other API versions in which a body may be written (pkg/registry/core/pod/storage/eviction.go). */
const alsoAccepted: Readonly<Record<string, string>> = { "policy/v1 Eviction": "policy/v1beta1" };

/**
 * Checks apiVersion and kind of a body, which may leave them out, and gives it metadata of its own. Changes it in place.
 * @throws ApiError BadRequest
 */
export function checkBody(info: RequestInfo, body: KubeObject): void {
  const expected = expectedType(info);
  const apiVersion = body.apiVersion || expected.apiVersion;
  const kind = body.kind || expected.kind;
  const isOtherVersion = alsoAccepted[`${expected.apiVersion} ${expected.kind}`] === apiVersion;
  if (apiVersion !== expected.apiVersion && !isOtherVersion) {
    const text = `the API version in the data (${apiVersion}) does not match the expected API version (${expected.apiVersion})`;
    throw badRequest(text);
  }
  if (kind !== expected.kind) {
    throw badRequest(`${kind} in version "${apiVersion}" cannot be handled as a ${expected.kind}`);
  }
  body.apiVersion = expected.apiVersion;
  body.kind = kind;
  body.metadata = { ...members(body.metadata) };
  // Neither is kept: field ownership is not tracked, and selfLink is gone since 1.24.
  delete body.metadata.managedFields;
  delete (body.metadata as Record<string, unknown>)["selfLink"];
}

/**
 * Equal owner references count once (endpoints/handlers/rest.go, dedupOwnerReferencesAndAddWarning).
 * @returns the warning, if there were any
 */
export function dedupOwners({ metadata }: KubeObject, when: "" | "after mutating admission happens" = ""): string[] {
  const owners = metadata.ownerReferences;
  if (owners === undefined || owners.length < 2) return [];
  const unique = new Map<string, OwnerReference>();
  const repeated: string[] = [];
  for (const owner of owners) {
    const { apiVersion, kind, name, uid, controller, blockOwnerDeletion } = owner;
    const key = JSON.stringify([apiVersion, kind, name, uid, controller, blockOwnerDeletion]);
    if (unique.has(key)) repeated.push(uid);
    else unique.set(key, owner);
  }
  if (repeated.length === 0) return [];
  metadata.ownerReferences = [...unique.values()];
  const found = `.metadata.ownerReferences contains duplicate entries${when === "" ? "" : ` ${when}`}`;
  const since = "API server dedups owner references in 1.20+, and may reject such requests as early as 1.24";
  return [`${found}; ${since}; please fix your requests; duplicate UID(s) observed: ${repeated.join(", ")}`];
}

/**
 * Puts the object into the namespace of the request (registry/rest/meta.go, EnsureObjectNamespaceMatchesRequestNamespace).
 * @throws ApiError BadRequest if it names another
 */
export function ensureNamespace({ resource, namespace }: RequestInfo, { metadata }: KubeObject): void {
  const expected = resource.namespaced ? namespace : "";
  const given = metadata.namespace ?? "";
  if (given !== "" && expected !== "" && given !== expected) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  if (expected === "") delete metadata.namespace;
  else metadata.namespace = expected;
}

/** @throws ApiError BadRequest if the object is not the one that the path names (endpoints/handlers/rest.go, checkName) */
export function checkName({ name }: RequestInfo, { metadata }: KubeObject): void {
  const given = metadata.name ?? "";
  if (given === "") {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  if (given !== name) {
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  }
}
