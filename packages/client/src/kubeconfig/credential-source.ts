import type { HeaderList } from "../client-context.ts";
import type { ClientCertificate } from "./connection-config.ts";

/** Hands out credentials that are valid now; ask before each request and before each connection. */
export interface CredentialSource {
  /** Headers to put on a request; the same array until the credentials change. */
  headers(): Promise<HeaderList>;
  /** Certificate to connect with; the same object until it changes, and then connections have to be made anew. */
  tls(): Promise<ClientCertificate | undefined>;
  /**
   * After a 401: the next call fetches new credentials.
   *
   * @param used what the refused request had; if there are newer ones already, nothing happens. Default: the current ones
   */
  invalidate(used?: HeaderList | ClientCertificate): void;
}
