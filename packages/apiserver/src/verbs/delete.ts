import { ApiError } from "../api-error.ts";
import type { KubeList, KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import type { DeleteOptions, ListOptions, WriteResult } from "./api.ts";
import type { ApiContext } from "./api-context.ts";
import { deleteNamespace } from "./delete-namespace.ts";
import { type Deleted, deleteObject, deletionAnswer } from "./delete-object.ts";
import { checkDeleteOptions } from "./delete-preconditions.ts";
import { fromStored } from "./event-forms.ts";
import { listObjects } from "./list.ts";

function carryOut(context: ApiContext, info: RequestInfo, options: DeleteOptions): Deleted {
  const isNamespace = info.resource.storageKey === "namespaces";
  return isNamespace ? deleteNamespace(context, info, options) : deleteObject(context, info, options);
}

/** DELETE of one object (endpoints/handlers/delete.go). */
export function deleteOne(context: ApiContext, info: RequestInfo, options: DeleteOptions): WriteResult {
  checkDeleteOptions(options);
  const warnings = orphanWarnings(context, info, options);
  const deleted = warned(warnings, () => carryOut(context, info, options));
  const answer = deletionAnswer(info.resource, deleted);
  // Kept by upstream for clients of old that asked for the cascade in this way.
  const isAccepted = !deleted.removed && options.orphanDependents === false;
  const object = answer === deleted.object ? fromStored(info.resource, deleted.object) : answer;
  return { object, httpCode: isAccepted ? 202 : 200, warnings };
}

/** Who is refused is warned as well. */
function warned<T>(warnings: readonly string[], act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof ApiError) error.warnings = warnings;
    throw error;
  }
}

/** Jobs leave their pods behind unless told otherwise, which surprises people (pkg/registry/batch/job/storage/storage.go). */
function orphanWarnings(context: ApiContext, { resource }: RequestInfo, options: DeleteOptions): readonly string[] {
  const { propagationPolicy, orphanDependents } = options;
  if (resource.storageKey !== "jobs.batch" || propagationPolicy !== undefined || orphanDependents !== undefined)
    return [];
  if (context.strategyFor(resource).defaultPropagation !== "Orphan") return [];
  return [
    "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning",
  ];
}

/** DELETE of a collection: each object that the list names, one after the other. The answer is the list. */
export function deleteCollection(
  context: ApiContext,
  info: RequestInfo,
  list: ListOptions,
  options: DeleteOptions,
): KubeList {
  checkDeleteOptions(options);
  const found = listObjects(context, info, list);
  for (const object of found.items) deleteListed(context, info, object, options);
  return { ...found, warnings: orphanWarnings(context, info, options) };
}

function deleteListed(context: ApiContext, info: RequestInfo, { metadata }: KubeObject, options: DeleteOptions): void {
  const { namespace = "", name = "" } = metadata;
  try {
    carryOut(context, { ...info, namespace, name }, options);
  } catch (error) {
    if (!(error instanceof ApiError && error.code === "NotFound")) throw error;
  }
}
