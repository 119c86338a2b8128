import { readFile } from "node:fs/promises";
import type { Clock } from "@hollowfleet/core";
import type { HeaderList } from "../client-context.ts";
import type { AuthConfig, ClientCertificate } from "./connection-config.ts";
import type { CredentialSource } from "./credential-source.ts";
import { KubeconfigError, unreadable } from "./kubeconfig-error.ts";

/** A token counts as fresh for one minute less ten seconds of leeway (k8s.io/client-go/transport/token_source.go). */
const freshUs = (60 - 10) * 1e6;

type TokenFile = Extract<AuthConfig, { kind: "token-file" }>;

/** A token in a file that somebody else renews. When it cannot be read, the last one that could be stays in use. */
export class TokenFileSource implements CredentialSource {
  readonly #auth: TokenFile;
  readonly #clock: Clock;
  #headers: HeaderList | undefined;
  #readUs: number | undefined;
  #pending: Promise<HeaderList> | undefined;

  constructor(auth: TokenFile, clock: Clock) {
    this.#auth = auth;
    this.#clock = clock;
  }

  headers(): Promise<HeaderList> {
    if (this.#headers !== undefined && this.#readUs !== undefined && this.#clock.nowUs() - this.#readUs < freshUs) {
      return Promise.resolve(this.#headers);
    }
    this.#pending ??= this.#refresh().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  tls(): Promise<ClientCertificate | undefined> {
    return Promise.resolve(this.#auth.certificate);
  }

  invalidate(used?: HeaderList | ClientCertificate): void {
    if (used === undefined || used === this.#headers) this.#readUs = undefined;
  }

  async #refresh(): Promise<HeaderList> {
    try {
      this.#headers = bearer(await readToken(this.#auth.path));
      this.#readUs = this.#clock.nowUs();
    } catch (error) {
      if (this.#headers === undefined && this.#auth.token === undefined) throw error;
    }
    return this.#headers ?? bearer(this.#auth.token ?? "");
  }
}

/** The header of a bearer token (RFC 6750 §2.1). */
export function bearer(token: string): HeaderList {
  return [["authorization", `Bearer ${token}`]];
}

async function readToken(path: string): Promise<string> {
  const place = { file: path };
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw unreadable(place, "Correct tokenFile in the kubeconfig, or the file's permissions.", cause);
  }
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new KubeconfigError("bad-field", place, token === "" ? "the token file is empty" : "holds no token", {
    remedy: "Write the token into it, on one line.",
  });
}
