/** What a fault rule can match on. */
export interface FaultTarget {
  readonly verb: string;
  /** "" for requests outside the resources. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly user: string;
}

/** What happens to one request. Delays come before the request is carried out. */
export type FaultDecision =
  | { readonly kind: "none" }
  | { readonly kind: "delay"; readonly delayMs: number }
  /** Answered with this code; not carried out. */
  | { readonly kind: "error"; readonly httpCode: number; readonly reason: string; readonly retryAfterS?: number }
  /** The stream is reset, before or after the request was carried out. */
  | { readonly kind: "reset"; readonly when: "before-commit" | "after-commit" }
  /** Never answered; the connection stays open and silent. */
  | { readonly kind: "half-open" }
  /** The connection is told to go away; this request is still served. */
  | { readonly kind: "goaway" }
  /** Watches: each event is held back this long (slow), or all of them from then on (stall). */
  | { readonly kind: "slow-watch"; readonly eventDelayMs: number }
  | { readonly kind: "stalled-watch"; readonly afterMs: number; readonly forMs: number };

/** Asked once for every request, after authorization. */
export interface FaultHook {
  decide(target: FaultTarget): FaultDecision;
}
