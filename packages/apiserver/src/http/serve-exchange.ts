import { errorText } from "@hollowfleet/core";
import { ApiError } from "../api-error.ts";
import { type Answer, compressed, errorAnswer } from "./answer.ts";
import { Call } from "./call.ts";
import { internalError } from "./http-errors.ts";
import { parseResourcePath } from "./routing/request-path.ts";
import { servePage } from "./serve-page.ts";
import { serveResource } from "./serve-resource.ts";
import type { ServerContext } from "./server-context.ts";
import { type Exchange, ExchangeAborted } from "./transport/exchange.ts";

/** Serves one request. Whatever happens within is answered, or logged where nobody is left to hear. */
export async function serveExchange(context: ServerContext, exchange: Exchange): Promise<void> {
  const call = new Call(context, exchange);
  try {
    const answer = await answerTo(context, call);
    if (answer !== undefined) send(context, call, answer);
  } catch (error) {
    // Not even the error could be written.
    context.logger.error("an answer cannot be sent", { path: exchange.target, error: errorText(error) });
    exchange.reset();
  } finally {
    call.leave();
  }
}

async function answerTo(context: ServerContext, call: Call): Promise<Answer | undefined> {
  try {
    const path = parseResourcePath(call.target.path);
    const answer = await (path === undefined ? servePage(context, call) : serveResource(context, call, path));
    return answer === undefined ? undefined : await compressed(answer, call.exchange.header("accept-encoding"));
  } catch (error) {
    if (error instanceof ExchangeAborted) return undefined;
    return errorAnswer(asApiError(context, call, error), call.negotiation);
  }
}

function asApiError({ logger }: ServerContext, { exchange }: Call, error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const { method, target } = exchange;
  const stack = error instanceof Error ? error.stack : undefined;
  logger.error("a request failed unexpectedly", { method, path: target, error: errorText(error), stack });
  return internalError(errorText(error));
}

function send({ clock, metrics }: ServerContext, call: Call, { httpCode, headers, body }: Answer): void {
  call.exchange.respond(httpCode, { ...call.headers, ...headers }, body);
  if (call.labels === undefined) return;
  metrics.answered(call.labels, httpCode, (clock.nowUs() - call.startUs) / 1e6, body?.length ?? 0);
}
