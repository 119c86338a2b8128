import type { RequestLabels } from "./metrics/request-labels.ts";
import type { NegotiationRequest } from "./negotiation/negotiate.ts";
import { parseTarget, type Target } from "./routing/target.ts";
import type { ServerContext } from "./server-context.ts";
import type { Exchange, ResponseHeaders } from "./transport/exchange.ts";

/** One request on its way through the server. */
export class Call {
  readonly exchange: Exchange;
  readonly startUs: number;
  readonly auditId: string;
  /** Under what its answer is booked; undefined until it has been let in, as upstream. */
  labels: RequestLabels | undefined;
  #target: Target | undefined;
  #leave: (() => void) | undefined;

  constructor(context: ServerContext, exchange: Exchange) {
    this.exchange = exchange;
    this.startUs = context.clock.nowUs();
    this.auditId = exchange.header("audit-id") || context.newUid();
  }

  /** @throws ApiError BadRequest */
  get target(): Target {
    this.#target ??= parseTarget(this.exchange.target);
    return this.#target;
  }

  get negotiation(): NegotiationRequest {
    return {
      accept: this.exchange.header("accept"),
      userAgent: this.exchange.header("user-agent"),
      pretty: this.#target?.query.first("pretty"),
    };
  }

  /** Headers of every answer. */
  get headers(): ResponseHeaders {
    return { "audit-id": this.auditId, "cache-control": "no-cache, private" };
  }

  /** @returns false when the request must be refused */
  enter(context: ServerContext, kind: "mutating" | "readOnly", exempt: boolean): boolean {
    this.#leave = context.inFlight.enter(kind, exempt);
    return this.#leave !== undefined;
  }

  /** It is not in flight any more; may be called more than once. */
  leave(): void {
    this.#leave?.();
  }
}
