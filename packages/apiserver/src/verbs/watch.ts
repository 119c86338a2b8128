import { ApiError } from "../api-error.ts";
import type { RequestInfo } from "../request-info.ts";
import type { ListOptions, WatchHandle, WatchSink } from "./api.ts";
import type { ApiContext } from "./api-context.ts";
import { candidates, namespaceOf } from "./candidates.ts";
import { checkWatchOptions } from "./list-options.ts";
import { readRevision, tooLargeRevision } from "./resource-version.ts";
import { type Selection, selectionOf } from "./selection.ts";
import { WatchSession } from "./watch-session.ts";

/** --min-request-timeout: a watch lasts once to twice as long unless the client says how long. */
const minTimeoutSeconds = 1800;

/** Where a watch begins. */
interface Start {
  /** Whether it begins with the present state. */
  readonly initialEvents: boolean;
  /** Whether a bookmark tells the end of it. */
  readonly initialEventsEnd: boolean;
  /** Without initial events: changes after this revision are delivered. */
  readonly revision: number;
}

/**
 * Watches a collection, with the meaning that storage/cacher gives to resourceVersion and sendInitialEvents. Only a wrong
 * request throws; a revision that is gone, or far ahead, is told in an ERROR event, as the real server does.
 * @throws ApiError BadRequest, Invalid
 */
export function startWatch(context: ApiContext, info: RequestInfo, options: ListOptions, sink: WatchSink): WatchHandle {
  checkWatchOptions(options);
  const selection = selectionOf(info, options);
  const { allowWatchBookmarks: bookmarks = false } = options;
  const session = new WatchSession({
    resource: info.resource,
    selection,
    sink,
    clock: context.clock,
    timeoutMs: timeoutSeconds(context, options) * 1000,
    bookmarks,
    revision: () => context.store.revision,
  });
  const start = startOf(context, options);
  try {
    begin(context, info, selection, session, start);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    sink.event({ type: "ERROR", object: error.status() });
    session.stop();
    sink.end();
  }
  return session;
}

function timeoutSeconds({ random }: ApiContext, options: ListOptions): number {
  const { timeoutSeconds: seconds = 0 } = options;
  return seconds > 0 ? seconds : minTimeoutSeconds * (1 + random.next());
}

function startOf(context: ApiContext, options: ListOptions): Start {
  const { resourceVersion = "", sendInitialEvents, resourceVersionMatch: match = "" } = options;
  const wanted = readRevision(resourceVersion);
  const { allowWatchBookmarks = false } = options;
  // From "" and "0" a watch has always begun with the present state (internalversion/defaults.go).
  const isLegacy = sendInitialEvents === undefined && match === "" && wanted === 0;
  const initialEvents = sendInitialEvents ?? isLegacy;
  return {
    initialEvents,
    initialEventsEnd: initialEvents && allowWatchBookmarks,
    revision: wanted === 0 ? context.store.revision : wanted,
  };
}

function begin(
  context: ApiContext,
  info: RequestInfo,
  selection: Selection,
  session: WatchSession,
  { initialEvents, initialEventsEnd, revision }: Start,
): void {
  const { hub, store } = context;
  const { resource } = info;
  const namespace = namespaceOf(info, selection);
  const name = selection.required("metadata.name") ?? "";
  const nodeName = resource.storageKey === "pods" && name === "" ? selection.required("spec.nodeName") : undefined;
  if (initialEvents && revision > store.revision) throw tooLargeRevision(revision, store.revision);
  const from = initialEvents ? store.revision : revision;
  if (initialEvents) {
    session.sendAll(candidates(context, info, selection));
    if (initialEventsEnd) session.sendInitialEventsEnd();
  }
  session.start((deliver) => hub.add(resource, { namespace, name, nodeName }, from, deliver));
}
