import type { HeaderList, HeaderSource } from "../client-context.ts";
import type { CredentialSource } from "./credential-source.ts";

/** What an API client takes of a credential source. */
export interface CredentialHeaders {
  readonly headers: HeaderSource;
  readonly onUnauthorized: (used: HeaderList) => void;
}

/** @param extra sent with them, e.g. impersonation */
export function credentialHeaders(source: CredentialSource, extra: HeaderList): CredentialHeaders {
  let last: HeaderList | undefined;
  let joined: HeaderList = extra;
  return {
    async headers() {
      const now = await source.headers();
      if (now !== last) {
        last = now;
        // The same list while nothing changes: the client keeps what it makes from it.
        joined = [...now, ...extra];
      }
      return joined;
    },
    onUnauthorized(used) {
      // Refused headers that have been replaced since are nobody's concern any more.
      if (used === joined && last !== undefined) source.invalidate(last);
    },
  };
}
