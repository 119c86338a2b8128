import { errorText } from "@hollowfleet/core";
import type { FaultDecision } from "../../faults/fault-hook.ts";
import type { RequestInfo } from "../../request-info.ts";
import { internalError } from "../http-errors.ts";
import type { RequestLabels } from "../metrics/request-labels.ts";
import { type ConvertOptions, checkConversion } from "../negotiation/convert.ts";
import { contentTypes, type NegotiationRequest, negotiate } from "../negotiation/negotiate.ts";
import type { Query } from "../routing/query.ts";
import { listOptions } from "../routing/request-options.ts";
import type { ServerContext } from "../server-context.ts";
import type { Exchange, ResponseHeaders } from "../transport/exchange.ts";
import { createFrameEncoder, type FrameEncoder } from "./frames.ts";
import type { Pacing } from "./pacing.ts";
import { WatchStream } from "./watch-stream.ts";

export interface WatchRequest {
  readonly info: RequestInfo;
  readonly query: Query;
  readonly negotiation: NegotiationRequest;
  readonly labels: RequestLabels;
  readonly pacing: Pacing;
  readonly startUs: number;
  readonly headers: ResponseHeaders;
}

/**
 * Opens a watch and serves it until either side ends it.
 * @throws ApiError when it is refused; nothing has been sent then
 */
export function serveWatch(context: ServerContext, exchange: Exchange, request: WatchRequest): void {
  const { info, query, labels } = request;
  const representation = negotiate(request.negotiation, "watch");
  const includeObject = query.first("includeObject");
  const options = listOptions(query);
  const convert = (): ConvertOptions => ({ resource: info.resource, includeObject, nowMs: context.clock.nowMs() });
  checkConversion(representation.conversion, convert());
  const record = context.metrics.watchRecorder(labels);
  let bytes = 0;
  const stream = new WatchStream({
    encode: guarded(context, createFrameEncoder(context.encoder, context.cache, representation, convert)),
    clock: context.clock,
    pacing: request.pacing,
    maxBufferBytes: context.watchBufferBytes,
    onFrame(frameBytes) {
      bytes += frameBytes;
      record(frameBytes);
    },
  });
  const handle = context.api.watch(info, options, stream);
  const stream200 = { ...request.headers, "content-type": streamType(representation.encoding) };
  stream.begin(exchange.stream(200, stream200));
  const open = context.metrics.longRunning(labels);
  open.value += 1;
  const forget = context.watches.add(() => {
    handle.stop();
    stream.end();
  });
  exchange.onOver(() => {
    forget();
    handle.stop();
    stream.drop();
    open.value -= 1;
    context.metrics.answered(labels, 200, (context.clock.nowUs() - request.startUs) / 1e6, bytes);
  });
}

/** The sink is called from within other people's writes, which an object that cannot be encoded must not break. */
function guarded(context: ServerContext, encode: FrameEncoder): FrameEncoder {
  return (event) => {
    try {
      return encode(event);
    } catch (error) {
      context.logger.error("a watch event cannot be encoded", { error: errorText(error) });
      return encode({ type: "ERROR", object: internalError("the object cannot be encoded").status() });
    }
  };
}

function streamType(encoding: keyof typeof contentTypes): string {
  return encoding === "json" ? contentTypes.json : `${contentTypes[encoding]};stream=watch`;
}

/** What a fault does to the events of a watch. */
export function pacingOf(decision: FaultDecision): Pacing {
  switch (decision.kind) {
    case "slow-watch":
      return { kind: "slow", eventDelayMs: decision.eventDelayMs };
    case "stalled-watch":
      return { kind: "stalled", afterMs: decision.afterMs, forMs: decision.forMs };
    default:
      return { kind: "none" };
  }
}
