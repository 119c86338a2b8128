import { delay } from "@hollowfleet/core";
import { ApiError, type StatusReason, statusCodes } from "../api-error.ts";
import type { FaultDecision } from "../faults/fault-hook.ts";
import type { Call } from "./call.ts";
import type { ServerContext } from "./server-context.ts";
import { ExchangeAborted } from "./transport/exchange.ts";

/**
 * What a fault does before a request is carried out.
 * @throws ApiError for an injected error; ExchangeAborted when nobody will be answered
 */
export async function faultBefore(context: ServerContext, call: Call, decision: FaultDecision): Promise<void> {
  const { exchange } = call;
  switch (decision.kind) {
    case "delay":
      await delayed(context, call, decision.delayMs);
      return;
    case "error":
      throw injectedError(context, call, decision);
    case "reset":
      if (decision.when === "after-commit") return;
      exchange.reset();
      throw new ExchangeAborted();
    case "half-open":
      exchange.silence();
      // It stays in flight until the client gives up, as a request does that hangs.
      await new Promise<void>((resolve) => exchange.onOver(resolve));
      throw new ExchangeAborted();
    case "goaway":
      exchange.leave();
      return;
    case "none":
    case "slow-watch":
    case "stalled-watch":
      return;
  }
}

async function delayed({ clock }: ServerContext, { exchange }: Call, delayMs: number): Promise<void> {
  const gone = new AbortController();
  exchange.onOver(() => gone.abort());
  await delay(clock, delayMs, gone.signal);
  // The real server's request is cancelled with its client.
  if (gone.signal.aborted) throw new ExchangeAborted();
}

function injectedError(
  { metrics }: ServerContext,
  call: Call,
  { httpCode, reason, retryAfterS }: Extract<FaultDecision, { kind: "error" }>,
): ApiError {
  if (httpCode === 429 && call.labels !== undefined) {
    // As one that max-inflight refused.
    metrics.dropped(call.labels);
    call.labels = undefined;
  }
  const known: StatusReason = reason in statusCodes ? (reason as StatusReason) : "InternalError";
  const details = retryAfterS === undefined ? {} : { retryAfterSeconds: retryAfterS };
  return new ApiError(known, `injected fault: ${httpCode} ${reason}`, details, httpCode);
}

/** Whether the answer is withheld and the stream reset instead. */
export function resetsAfter(decision: FaultDecision): boolean {
  return decision.kind === "reset" && decision.when === "after-commit";
}
