import type { HeaderList } from "../client-context.ts";
import type { Impersonation } from "./connection-config.ts";

/** The headers that make the server act as somebody else (k8s.io/client-go/transport/round_trippers.go). */
export function impersonationHeaders(impersonate: Impersonation): HeaderList {
  const { user, uid, groups, extra } = impersonate;
  return [
    ["impersonate-user", user],
    ...(uid === undefined ? [] : [["impersonate-uid", uid] as const]),
    ...groups.map((group) => ["impersonate-group", group] as const),
    ...[...extra].flatMap(([key, values]) =>
      values.map((value) => [`impersonate-extra-${escapeKey(key)}`, value] as const),
    ),
  ];
}

/** Percent-encodes what an HTTP field name cannot hold (RFC 9110 §5.6.2); the server decodes it and lowers the case. */
function escapeKey(key: string): string {
  return [...Buffer.from(key.toLowerCase(), "utf8")]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[a-z0-9!#$&'*+\-.^_`|~]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
    })
    .join("");
}
