import { ApiError } from "../api-error.ts";
import type { Access, PathRequest } from "../auth/auth.ts";
import { impersonate } from "../auth/impersonate.ts";
import type { FaultDecision, FaultTarget } from "../faults/fault-hook.ts";
import type { UserInfo } from "../request-info.ts";
import { authenticate, authorize, authorizeUnknown, isPrivileged } from "./admit-call.ts";
import { type Answer, pageNotFound, textAnswer } from "./answer.ts";
import { faultBefore, resetsAfter } from "./apply-fault.ts";
import type { Call } from "./call.ts";
import { checkMediaTypes, dispatch } from "./dispatch.ts";
import { inFlightKind } from "./in-flight.ts";
import { resourceLabels } from "./metrics/request-labels.ts";
import type { ResourcePath } from "./routing/request-path.ts";
import { attemptedVerb, findRoute, type Route, requestInfo } from "./routing/route.ts";
import type { ServerContext } from "./server-context.ts";
import { pacingOf, serveWatch } from "./watching/serve-watch.ts";

/**
 * A request below /api/VERSION or /apis/GROUP/VERSION, in the order of the filters of apiserver/pkg/server/config.go.
 * @returns undefined when there is nothing more to send
 * @throws ApiError, ExchangeAborted
 */
export async function serveResource(
  context: ServerContext,
  call: Call,
  path: ResourcePath,
): Promise<Answer | undefined> {
  const { exchange, target } = call;
  const { method } = exchange;
  const route = tryRoute(context, path, call);
  const verb = attemptedVerb(method, path, target.query);
  const sender = authenticate(context, call);
  const user = whoCounts(context, call, route, verb, sender);
  const labels = resourceLabels(method, path, target.query, exchange.header("content-type"));
  const longRunning = verb === "watch" || path.subresource === "log";
  if (!longRunning && !call.enter(context, inFlightKind(verb), isPrivileged(user))) {
    context.metrics.dropped(labels);
    return tooManyRequests();
  }
  if (route instanceof ApiError) {
    authorizeUnknown(context, accessOf(path, verb, user));
    if (!context.isServed(path.group) || target.path.startsWith("//")) return pageNotFound();
    throw route;
  }
  authorize(context, requestInfo(route, user));
  checkMediaTypes(route, exchange.header("accept"), exchange.header("content-type"));
  call.labels = labels;
  const decision = context.faults?.decide(faultTarget(route, user)) ?? noFault;
  await faultBefore(context, call, decision);
  return carryOut(context, call, route, user, decision);
}

const noFault: FaultDecision = { kind: "none" };

async function carryOut(
  context: ServerContext,
  call: Call,
  route: Route,
  user: UserInfo,
  decision: FaultDecision,
): Promise<Answer | undefined> {
  const { exchange, negotiation, startUs } = call;
  const { query } = call.target;
  const info = requestInfo(route, user);
  if (route.verb === "watch" && call.labels !== undefined) {
    const { labels, headers } = call;
    serveWatch(context, exchange, { info, query, negotiation, labels, pacing: pacingOf(decision), startUs, headers });
    // It is booked at its end.
    call.labels = undefined;
    if (resetsAfter(decision)) exchange.reset();
    return undefined;
  }
  const contentType = exchange.header("content-type");
  const readBody = () => exchange.readBody(context.maxBodyBytes);
  const answer = await dispatch(context, { info, route, query, negotiation, contentType, readBody });
  if (!resetsAfter(decision)) return answer;
  exchange.reset();
  return undefined;
}

/** The route, or why there is none: it is told only to those who are allowed to ask. */
function tryRoute(context: ServerContext, path: ResourcePath, { exchange, target }: Call): Route | ApiError {
  try {
    const isDoubled = target.path.startsWith("//");
    const resource = isDoubled ? undefined : context.findResource(path.group, path.version, path.resource);
    return findRoute(exchange.method, path, target.query, resource);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function whoCounts(
  { authorizer }: ServerContext,
  call: Call,
  route: Route | ApiError,
  verb: string,
  sender: UserInfo,
): UserInfo {
  const asPath = (): PathRequest => ({ verb, path: call.target.path, user: sender });
  const request = route instanceof ApiError ? asPath() : requestInfo(route, sender);
  return impersonate(call.exchange.rawHeaders, request, authorizer);
}

function accessOf(
  { group, resource, subresource, namespace, name }: ResourcePath,
  verb: string,
  user: UserInfo,
): Access {
  return { user, verb, group, resource, subresource, namespace, name };
}

function faultTarget({ verb, resource, subresource, namespace, name }: Route, user: UserInfo): FaultTarget {
  return {
    verb,
    resource: resource.resource,
    subresource: subresource?.name ?? "",
    namespace,
    name,
    user: user.name,
  };
}

/** Plain text, as apiserver/pkg/server/filters/maxinflight.go. */
export function tooManyRequests(): Answer {
  return textAnswer(429, "Too many requests, please try again later.\n", { "retry-after": "1" });
}
