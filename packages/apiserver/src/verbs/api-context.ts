import type { Clock, Random } from "@hollowfleet/core";
import type { AdmissionPlugin } from "../admission/admission.ts";
import type { AccessAuthorizer } from "../auth/auth.ts";
import type { TokenIssuer } from "../auth/token-issuer.ts";
import type { KubeObject } from "../object.ts";
import type { UserInfo } from "../request-info.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import type { Store } from "../store/store.ts";
import type { ServiceAllocator } from "../strategies/service/service-allocator.ts";
import type { Strategy } from "../strategies/strategy.ts";
import type { PodsByNode } from "./pods-by-node.ts";
import type { WatchHub } from "./watch-hub.ts";

/** Who says who somebody is and what he may do, for reviews and for the creation of what a PUT does not find. */
export interface AccessChecks {
  readonly authorizer: AccessAuthorizer;
  /** Undefined for a token that is no one's. */
  userOfToken(token: string): UserInfo | undefined;
}

/** What the API is made of. */
export interface ApiOptions {
  readonly store: Store;
  strategyFor(resource: ResourceInfo): Strategy;
  /** In their order: first all that change, then, after validation, all that check. */
  readonly admission: readonly AdmissionPlugin[];
  readonly clock: Clock;
  /** For the ends of generated names and the length of watches. */
  readonly random: Random;
  /** A new RFC 4122 uid. */
  newUid(): string;
  /** Without it POST serviceaccounts/token answers 404, as a server without a signing key. */
  readonly tokenIssuer?: TokenIssuer;
  /** Without it reviews of tokens and access answer 404, and every PUT may create. */
  readonly access?: AccessChecks;
  /** Addresses and ports of Services, for their strategy. */
  readonly services?: ServiceAllocator;
  /** How long Events are kept. Default 1 hour, as --event-ttl. */
  readonly eventTtlMs?: number;
}

/** The parts, and what the verbs share. */
export interface ApiContext extends ApiOptions {
  readonly hub: WatchHub;
  readonly podsByNode: PodsByNode;
  /** To be told of every write of an object: Events expire after it. */
  noteWrite(resource: ResourceInfo, object: KubeObject): void;
}
