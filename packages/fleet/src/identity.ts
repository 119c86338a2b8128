import { createHmac } from "node:crypto";

/**
 * How the API server knows a hollow node (DESIGN §4 "Identity and connections"). All four make it user
 * `system:node:<name>` in group `system:nodes`, so that the Node authorizer, NodeRestriction and Priority & Fairness see
 * real nodes.
 */
export type FleetCredentials =
  /** Each node has a certificate of its own, issued in the shard by the cluster's CA. */
  | { readonly kind: "node-cert"; readonly authority: { readonly certPem: string; readonly keyPem: string } }
  /** Each node has a bearer token of its own, derived from one secret; the server's token file lists them. */
  | { readonly kind: "node-token"; readonly secret: string }
  /** Every request carries Impersonate-User and Impersonate-Group on top of the base identity. */
  | { readonly kind: "impersonate"; readonly base: BaseCredentials };

/** An identity that may impersonate. */
export interface BaseCredentials {
  readonly certPem?: string;
  readonly keyPem?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

export const identityKinds = ["node-cert", "node-token", "impersonate"] as const;
export type IdentityKind = (typeof identityKinds)[number];

export const nodesGroup = "system:nodes";

export function nodeUser(node: string): string {
  return `system:node:${node}`;
}

/** The bearer token of a node: whoever holds the secret can derive it, so threads need no list. */
export function nodeToken(secret: string, node: string): string {
  return createHmac("sha256", secret).update(node).digest("hex");
}

/** Header names are lower case, as HTTP/2 wants them. */
export function identityHeaders(
  credentials: FleetCredentials,
  node: string,
): readonly (readonly [name: string, value: string])[] {
  switch (credentials.kind) {
    case "node-cert":
      return [];
    case "node-token":
      return [["authorization", `Bearer ${nodeToken(credentials.secret, node)}`]];
    case "impersonate":
      return [
        ...(credentials.base.headers ?? []),
        ["impersonate-user", nodeUser(node)],
        ["impersonate-group", nodesGroup],
      ];
  }
}
