import { ApiError } from "../api-error.ts";
import { forbidden } from "../status-errors.ts";
import type { AdmissionRequest } from "./admission.ts";

/** Name of the object that a request is about: on create its own, if it has one yet; "" else. */
export function requestName({ info, object, operation }: AdmissionRequest): string {
  if (info.name !== "" || operation !== "CREATE") return info.name;
  return object?.metadata.name ?? "";
}

/** 403 of an admission plugin (apiserver/pkg/admission/errors.go): a name that is yet to be made is told by its beginning. */
export function refused(request: AdmissionRequest, why: string): ApiError {
  const { generateName } = request.object?.metadata ?? {};
  return forbidden(request.info.resource, requestName(request) || generateName || "Unknown", why);
}

/** 404 of what a plugin looks up in the caches of the real server: they say "pod" where requests say "pods". */
export function missing(singular: string, name: string): ApiError {
  return new ApiError("NotFound", `${singular} ${JSON.stringify(name)} not found`, { name, kind: singular });
}

/** Whether a request is about a resource itself or the given subresource of it. */
export function isAbout({ info }: AdmissionRequest, group: string, resource: string, subresource = ""): boolean {
  return info.resource.resource === resource && info.resource.group === group && info.subresource === subresource;
}
