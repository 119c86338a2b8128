import { type Clock, systemClock } from "@hollowfleet/core";
import type { HeaderList } from "../client-context.ts";
import type { AuthConfig, ClientCertificate } from "./connection-config.ts";
import type { CredentialSource } from "./credential-source.ts";
import { ExecSource } from "./exec-source.ts";
import { type RunPlugin, runPlugin } from "./run-plugin.ts";
import { bearer, TokenFileSource } from "./token-file-source.ts";

export interface CredentialSourceOptions {
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Runs exec plugins; default: as a child process. */
  readonly run?: RunPlugin;
  /** Until an exec plugin is killed; default 120,000, since a person may have to log in (client-go waits for ever). */
  readonly pluginTimeoutMs?: number;
  /** Whether a plugin may ask questions; default: whether standard input is a terminal. */
  readonly stdinIsTerminal?: () => boolean;
}

/** The source for a way to authenticate. */
export function createCredentialSource(auth: AuthConfig, options: CredentialSourceOptions = {}): CredentialSource {
  const { clock = systemClock, run = runPlugin, pluginTimeoutMs = 120_000, stdinIsTerminal } = options;
  switch (auth.kind) {
    case "none":
      return fixedSource([], undefined);
    case "cert":
      return fixedSource([], { certPem: auth.certPem, keyPem: auth.keyPem });
    case "token":
      return fixedSource(bearer(auth.token), auth.certificate);
    case "basic": {
      const secret = Buffer.from(`${auth.username}:${auth.password}`, "utf8").toString("base64");
      return fixedSource([["authorization", `Basic ${secret}`]], auth.certificate);
    }
    case "token-file":
      return new TokenFileSource(auth, clock);
    case "exec":
      return new ExecSource(auth.plugin, { clock, run, pluginTimeoutMs, stdinIsTerminal });
  }
}

function fixedSource(headers: HeaderList, certificate: ClientCertificate | undefined): CredentialSource {
  return {
    headers: () => Promise.resolve(headers),
    tls: () => Promise.resolve(certificate),
    invalidate: () => undefined,
  };
}
