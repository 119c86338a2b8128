/** What is held once per node, from the least to the most; each contains the one before it. */
export const partNames = ["tls", "session", "watch", "kubelet"] as const;
export type PartName = (typeof partNames)[number];

export const partTexts: Readonly<Record<PartName, string>> = {
  tls: "TLS connection",
  session: "+ HTTP/2 session and API client",
  watch: "+ pod watch",
  kubelet: "+ hollow kubelet",
};

/** How the nodes of one measurement speak to the API server; plain data, sent to the holder. */
export interface HolderPlan {
  readonly part: PartName;
  readonly server: string;
  readonly caPem: string;
  readonly version: readonly [major: number, minor: number];
  readonly identity: NodeIdentity;
  readonly connections: "per-node" | "pooled";
  readonly watches: "all" | "pods";
  /** Nodes, or connections, begun per second. */
  readonly nodeRatePerS: number;
}

export type NodeIdentity =
  | { readonly kind: "node-cert"; readonly authority: { readonly certPem: string; readonly keyPem: string } }
  | { readonly kind: "node-token"; readonly secret: string };

/** Holds so many of one part. */
export interface Part {
  /** Resolves when `count` of them are held. */
  grow(count: number): Promise<void>;
  /** How many are held now: connections that the server closed are not. */
  held(): number;
  close(): Promise<void>;
}
