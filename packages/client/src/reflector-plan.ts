import type { ClientError } from "./client-error.ts";

/** What a reflector knows between two steps. */
export interface ReflectorFacts {
  /** Whether the server takes WatchList, as far as is known. */
  readonly watchList: boolean;
  /** Of the last event, bookmark or list; "" before the first. */
  readonly resourceVersion: string;
  /** The server has compacted it, or does not have it yet. */
  readonly unavailable: boolean;
}

/** The next request. */
export type ReflectorStep =
  /** The state as a stream of ADDED events, which then goes on as the watch. */
  | { readonly t: "watch-list"; readonly resourceVersion: string }
  | { readonly t: "list"; readonly resourceVersion: string }
  | { readonly t: "watch"; readonly resourceVersion: string };

/** How a request ended. After its state is complete a `watch-list` is a `watch`. */
export type StepEnding =
  /** Of a list: all pages are there. */
  | { readonly t: "listed" }
  /** The server closed the stream in good order. `brief`: within a second and without an event. */
  | { readonly t: "closed"; readonly brief: boolean }
  | { readonly t: "failed"; readonly error: ClientError; readonly brief: boolean };

export interface NextStep {
  readonly facts: ReflectorFacts;
  readonly step: ReflectorStep;
  /** Wait for the backoff first. */
  readonly delayed: boolean;
}

/** How a reflector begins, and begins anew when a watch cannot go on. */
export function beginStep(facts: ReflectorFacts): ReflectorStep {
  if (facts.watchList) return { t: "watch-list", resourceVersion: facts.unavailable ? "" : facts.resourceVersion };
  // At first "0", any state that the watch cache has; never older than what was seen (reflector.go, relistResourceVersion).
  return { t: "list", resourceVersion: facts.unavailable ? "" : facts.resourceVersion || "0" };
}

/**
 * What follows when `step` has ended, after k8s.io/client-go/tools/cache/reflector.go:
 *
 * | step       | ended                       | next                                 | delayed |
 * |------------|-----------------------------|--------------------------------------|---------|
 * | watch-list | closed before its end       | the same; list if it was brief       | no      |
 * | watch-list | refused connection, 429     | the same                             | yes     |
 * | watch-list | expired, version too large  | watch-list from ""                   | no      |
 * | watch-list | any other failure           | list; for good if it is unsupported  | no      |
 * | list       | listed                      | watch                                | no      |
 * | list       | expired, version too large  | list from ""; the second time anew   | 2nd     |
 * | list       | any other failure           | anew                                 | yes     |
 * | watch      | closed, cut off             | watch; anew if it was brief          | anew    |
 * | watch      | refused connection, 429     | watch                                | yes     |
 * | watch      | expired, any other failure  | anew                                 | yes     |
 */
export function nextStep(facts: ReflectorFacts, step: ReflectorStep, ending: StepEnding): NextStep {
  switch (step.t) {
    case "watch-list":
      return afterWatchList(facts, ending);
    case "list":
      return afterList(facts, step, ending);
    case "watch":
      return afterWatch(facts, ending);
  }
}

function afterWatchList(facts: ReflectorFacts, ending: StepEnding): NextStep {
  if (ending.t !== "failed") return ending.t === "closed" && ending.brief ? relist(facts) : anew(facts, false);
  const { error } = ending;
  if (isOverload(error)) return anew(facts, true);
  if (isVersionUnavailable(error) && !facts.unavailable) return anew({ ...facts, unavailable: true }, false);
  return relist(isUnsupported(error) ? { ...facts, watchList: false } : facts);
}

function afterList(facts: ReflectorFacts, step: ReflectorStep, ending: StepEnding): NextStep {
  if (ending.t === "listed") return watch({ ...facts, unavailable: false }, false);
  if (ending.t === "failed" && isVersionUnavailable(ending.error) && step.resourceVersion !== "")
    return relist({ ...facts, unavailable: true });
  return anew(facts, true);
}

function afterWatch(facts: ReflectorFacts, ending: StepEnding): NextStep {
  if (ending.t === "failed" && isOverload(ending.error)) return watch(facts, true);
  // client-go's StreamWatcher tells a cut connection as a plain end (apimachinery, watch/streamwatcher.go).
  const cut = ending.t !== "failed" || ending.error.code === "reset" || ending.error.code === "refused-stream";
  return cut && !(ending.t !== "listed" && ending.brief) ? watch(facts, false) : anew(facts, true);
}

function anew(facts: ReflectorFacts, delayed: boolean): NextStep {
  return { facts, step: beginStep(facts), delayed };
}

function relist(facts: ReflectorFacts): NextStep {
  return { facts, step: beginStep({ ...facts, watchList: false }), delayed: false };
}

function watch(facts: ReflectorFacts, delayed: boolean): NextStep {
  return { facts, step: { t: "watch", resourceVersion: facts.resourceVersion }, delayed };
}

/** Then the server is down or busy, and the watch can most likely go on where it ended (reflector.go, isWatchErrorRetriable). */
function isOverload({ code }: ClientError): boolean {
  return code === "connect-failed" || code === "too-many-requests";
}

/** The server lacks the feature: 422 from 1.20 to 1.31 and with the gate off, 400 from others. */
function isUnsupported({ code }: ClientError): boolean {
  return code === "invalid" || code === "bad-request" || code === "unsupported";
}

/** reflector.go, isExpiredError and isTooLargeResourceVersionError. */
function isVersionUnavailable({ code, status }: ClientError): boolean {
  if (code === "expired") return true;
  return (
    code === "server-timeout" && (status?.causes ?? []).some((cause) => cause.includes("Too large resource version"))
  );
}
