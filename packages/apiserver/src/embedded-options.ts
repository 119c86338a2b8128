import type { Clock, Logger, Random } from "@hollowfleet/core";
import type { FaultHook } from "./faults/fault-hook.ts";

/** A bearer token and whom it stands for. */
export interface ServerToken {
  readonly token: string;
  /** e.g. "system:node:hollow-1" */
  readonly user: string;
  /** e.g. ["system:nodes"] */
  readonly groups: readonly string[];
}

export interface EmbeddedApiServerOptions {
  /** Default "127.0.0.1". */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** What the server shows. */
  readonly tls: { readonly certPem: string; readonly keyPem: string };
  /** Whoever has a certificate of this authority is who it says, as --client-ca-file. */
  readonly clientCaPem: string;
  /** Signs tokens of service accounts: private key of P-256. */
  readonly serviceAccountKeyPem: string;
  /** Default none. */
  readonly staticTokens?: readonly ServerToken[];
  /** Users that may do everything, without the privileges of system:masters. Default none. */
  readonly adminUsers?: readonly string[];
  /** Default: no faults. */
  readonly faults?: FaultHook;
  /** Default the machine's. */
  readonly clock?: Clock;
  /** Of names, uids and the length of watches. Default seeded with the time. */
  readonly random?: Random;
  /** Default: nothing is logged. */
  readonly logger?: Logger;
  /** Requests that only read and are served at once; default 400, as --max-requests-inflight. */
  readonly maxReadOnlyInFlight?: number;
  /** Default 200, as --max-mutating-requests-inflight. */
  readonly maxMutatingInFlight?: number;
  /** Changes that are remembered of each kind, for watches that come back; default 10,000. */
  readonly historyEvents?: number;
  /** How long they are; default 300,000. */
  readonly historyMs?: number;
  /** A watcher with more than this unread is cut off; default 16 MiB. */
  readonly watchBufferBytes?: number;
  /** How long Events are kept; default 1 hour, as --event-ttl. */
  readonly eventTtlMs?: number;
  /** IPv4 range of Services; default "10.0.0.0/24", as --service-cluster-ip-range. */
  readonly serviceClusterIpRange?: string;
}
