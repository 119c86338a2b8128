import type { PathRequest } from "../auth/auth.ts";
import { impersonate } from "../auth/impersonate.ts";
import type { FaultDecision } from "../faults/fault-hook.ts";
import { authenticate, authorizePath, isPrivileged } from "./admit-call.ts";
import { type Answer, pageNotFound } from "./answer.ts";
import { faultBefore, resetsAfter } from "./apply-fault.ts";
import type { Call } from "./call.ts";
import { inFlightKind } from "./in-flight.ts";
import { pageLabels, refusedPageLabels } from "./metrics/request-labels.ts";
import { tooManyRequests } from "./serve-resource.ts";
import type { ServerContext } from "./server-context.ts";

/**
 * A request outside the resources: discovery, health, metrics.
 * @returns undefined when there is nothing more to send
 * @throws ApiError, ExchangeAborted
 */
export async function servePage(context: ServerContext, call: Call): Promise<Answer | undefined> {
  const { exchange } = call;
  const { path, query } = call.target;
  const verb = exchange.method.toLowerCase();
  const sender = authenticate(context, call);
  const asSent: PathRequest = { verb, path, user: sender };
  const user = impersonate(exchange.rawHeaders, asSent, context.authorizer);
  if (!call.enter(context, inFlightKind(verb === "head" ? "get" : verb), isPrivileged(user))) {
    context.metrics.dropped(refusedPageLabels(exchange.method));
    return tooManyRequests();
  }
  authorizePath(context, { verb, path, user });
  call.labels = pageLabels(exchange.method, path);
  const decision = context.faults?.decide({ verb, ...noResource, user: user.name }) ?? noFault;
  await faultBefore(context, call, decision);
  const { negotiation } = call;
  const header = (name: string) => exchange.header(name);
  const answer = context.page({ method: exchange.method, path, query, negotiation, header }) ?? pageNotFound();
  if (!resetsAfter(decision)) return answer;
  exchange.reset();
  return undefined;
}

const noFault: FaultDecision = { kind: "none" };
const noResource = { resource: "", subresource: "", namespace: "", name: "" };
