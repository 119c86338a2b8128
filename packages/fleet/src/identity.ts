import { createHmac } from "node:crypto";
import type { AuthConfig, HeaderList } from "@hollowfleet/client";

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
  /** Every request carries Impersonate-User and Impersonate-Group on top of an identity that may impersonate. */
  | { readonly kind: "impersonate"; readonly base: AuthConfig }
  /** Each node asks for its certificate with a bootstrap token, as a new kubelet does. */
  | { readonly kind: "csr"; readonly bootstrapToken: string };

export const identityKinds = ["node-cert", "node-token", "impersonate", "csr"] as const;
export type IdentityKind = (typeof identityKinds)[number];

/** Identities that are bound to a connection by its certificate, and so cannot share one. */
export const certificateIdentities: readonly IdentityKind[] = ["node-cert", "csr"];

export const nodesGroup = "system:nodes";

export function nodeUser(node: string): string {
  return `system:node:${node}`;
}

/** The bearer token of a node: whoever holds the secret can derive it, so threads need no list. */
export function nodeToken(secret: string, node: string): string {
  return createHmac("sha256", secret).update(node).digest("hex");
}

/** On top of an identity that may impersonate. Header names are lower case, as HTTP/2 wants them. */
export function impersonationOf(node: string): HeaderList {
  return [
    ["impersonate-user", nodeUser(node)],
    ["impersonate-group", nodesGroup],
  ];
}
