import type { Clock, Logger } from "@hollowfleet/core";
import type { AccessAuthorizer, Authenticator } from "../auth/auth.ts";
import type { FaultHook } from "../faults/fault-hook.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import type { Api } from "../verbs/api.ts";
import type { Answer } from "./answer.ts";
import type { InFlight } from "./in-flight.ts";
import type { RequestMetrics } from "./metrics/request-metrics.ts";
import type { Encoder } from "./negotiation/encode.ts";
import type { EncodedCache } from "./negotiation/encoded-cache.ts";
import type { NegotiationRequest } from "./negotiation/negotiate.ts";
import type { Query } from "./routing/query.ts";
import type { OpenWatches } from "./watching/open-watches.ts";

/** A request outside the resources. */
export interface PageRequest {
  /** In capitals. */
  readonly method: string;
  readonly path: string;
  readonly query: Query;
  readonly negotiation: NegotiationRequest;
  header(name: string): string | undefined;
}

/** What every request is served with. */
export interface ServerContext {
  readonly api: Api;
  readonly authenticator: Authenticator;
  readonly authorizer: AccessAuthorizer;
  readonly faults: FaultHook | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly inFlight: InFlight;
  readonly metrics: RequestMetrics;
  readonly cache: EncodedCache;
  readonly encoder: Encoder;
  readonly watches: OpenWatches;
  findResource(group: string, version: string, resource: string): ResourceInfo | undefined;
  /** Whether any version of the group is served. */
  isServed(group: string): boolean;
  /** Discovery, health, metrics …; undefined: there is no such page. @throws ApiError */
  page(request: PageRequest): Answer | undefined;
  /** Random, RFC 4122. */
  newUid(): string;
  readonly maxBodyBytes: number;
  readonly watchBufferBytes: number;
}
