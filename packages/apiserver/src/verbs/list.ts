import { ApiError } from "../api-error.ts";
import type { KubeList, KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import { badRequest, expired } from "../status-errors.ts";
import { objectKey } from "../store/object-index.ts";
import type { ListOptions } from "./api.ts";
import type { ApiContext } from "./api-context.ts";
import { candidates } from "./candidates.ts";
import { type Continuation, decodeContinue, encodeContinue } from "./continue-token.ts";
import { fromStored, hasOtherForm } from "./event-forms.ts";
import { checkListOptions } from "./list-options.ts";
import { listRevision, tooLargeRevision } from "./resource-version.ts";
import { type Selection, selectionOf } from "./selection.ts";

/** What a list is taken from. */
interface Source {
  /** In the order of their keys, selected ones and others. */
  readonly objects: readonly KubeObject[];
  readonly revision: number;
}

/**
 * GET of a collection, with the meaning of resourceVersion, resourceVersionMatch, limit and continue that
 * storage/cacher/delegator and storage/cacher/watch_cache.go give them.
 */
export function listObjects(context: ApiContext, info: RequestInfo, options: ListOptions): KubeList {
  checkListOptions(options);
  const selection = selectionOf(info, options);
  const source = sourceOf(context, info, selection, options);
  // The real server's watch cache ignores the limit of a list from resourceVersion 0.
  const limit = options.resourceVersion === "0" ? 0 : (options.limit ?? 0);
  return page(info, selection, source, limit);
}

function sourceOf(context: ApiContext, info: RequestInfo, selection: Selection, options: ListOptions): Source {
  const { resourceVersion = "", resourceVersionMatch: match = "", continue: token = "", limit = 0 } = options;
  const { store } = context;
  if (token !== "") return continuedSource(context, info, decodeContinue(token), resourceVersion);
  const revision = listRevision(resourceVersion);
  if (revision > store.revision) throw tooLargeRevision(revision, store.revision);
  const isExact = match === "Exact" || (match === "" && limit > 0 && revision > 0);
  if (isExact) return { objects: store.listAt(info.resource, pathNamespace(info), revision), revision };
  return { objects: candidates(context, info, selection), revision: store.revision };
}

function continuedSource(
  { store }: ApiContext,
  info: RequestInfo,
  { revision, after }: Continuation,
  resourceVersion: string,
): Source {
  if (resourceVersion !== "" && resourceVersion !== "0") {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
  const namespace = pathNamespace(info);
  const start = objectKey(namespace, after);
  if (revision < 0) return { objects: store.list(info.resource, namespace, start), revision: store.revision };
  if (revision > store.revision) throw tooLargeRevision(revision, store.revision);
  try {
    return { objects: store.listAt(info.resource, namespace, revision, start), revision };
  } catch (error) {
    if (error instanceof ApiError && error.code === "Expired") throw continueExpired(after);
    throw error;
  }
}

function pathNamespace({ resource, namespace }: RequestInfo): string {
  return resource.namespaced ? namespace : "";
}

/** 410 with a token that goes on from the same place in the latest state (storage/etcd3/errors.go). */
function continueExpired(after: string): ApiError {
  const text = [
    "The provided continue parameter is too old to display a consistent list result.",
    "You can start a new list without the continue parameter, or use the continue token in this response to retrieve the",
    "remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were",
    "created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
  ].join(" ");
  const error = expired(text);
  return new ApiError(error.code, error.message, undefined, error.httpCode, encodeContinue({ revision: -1, after }));
}

function page(info: RequestInfo, selection: Selection, { objects, revision }: Source, limit: number): KubeList {
  const resourceVersion = String(revision);
  const { resource } = info;
  if (limit <= 0 && selection.selectsAll) {
    return { items: formsOf(info, objects), resourceVersion };
  }
  const items: KubeObject[] = [];
  for (let i = 0; i < objects.length; i++) {
    const object = objects[i] as KubeObject;
    if (!selection.matches(object)) continue;
    items.push(fromStored(resource, object));
    if (limit <= 0 || items.length < limit) continue;
    if (i === objects.length - 1) break;
    const after = relativeKey(info, object);
    return {
      items,
      resourceVersion,
      continue: encodeContinue({ revision, after }),
      // How many of the rest are selected is not known without looking at them.
      ...(selection.selectsAll && { remainingItemCount: objects.length - limit }),
    };
  }
  return { items, resourceVersion };
}

function formsOf({ resource }: RequestInfo, objects: readonly KubeObject[]): readonly KubeObject[] {
  return hasOtherForm(resource) ? objects.map((object) => fromStored(resource, object)) : objects;
}

/** The key within what is listed: without the namespace if that is given by the request. */
function relativeKey(info: RequestInfo, { metadata: { namespace = "", name = "" } }: KubeObject): string {
  return pathNamespace(info) === "" ? objectKey(namespace, name) : name;
}
