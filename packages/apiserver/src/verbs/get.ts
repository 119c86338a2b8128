import type { KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import { badRequest, notFound } from "../status-errors.ts";
import type { GetOptions } from "./api.ts";
import type { ApiContext } from "./api-context.ts";
import { fromStored } from "./event-forms.ts";
import { valueAt } from "./json-value.ts";
import { readRevision, tooLargeRevision } from "./resource-version.ts";
import { scaleOf } from "./subresources/scale-object.ts";

/**
 * GET of an object or of one of its parts. For `pods/log` it is the Pod whose log is asked for, checked to have a node: the
 * log itself comes from there.
 */
export function getObject(context: ApiContext, info: RequestInfo, { resourceVersion = "" }: GetOptions): KubeObject {
  const { resource, name, namespace, subresource } = info;
  const revision = readRevision(resourceVersion);
  if (revision > context.store.revision) throw tooLargeRevision(revision, context.store.revision);
  const object = context.store.get(resource, resource.namespaced ? namespace : "", name);
  if (object === undefined) throw notFound(resource, name);
  if (subresource === "scale") return scaleOf(resource, object);
  // pkg/registry/core/pod/strategy.go, LogLocation
  if (subresource === "log" && !valueAt(object, ["spec", "nodeName"])) {
    throw badRequest(`pod ${name} does not have a host assigned`);
  }
  return fromStored(resource, object);
}
