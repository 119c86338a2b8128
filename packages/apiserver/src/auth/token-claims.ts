/** A name that is bound to one object: another of the same name does not count. */
export interface BoundRef {
  readonly name: string;
  readonly uid?: string;
}

/** Payload of a service account's token (pkg/serviceaccount/claims.go). Times are Unix seconds. */
export interface TokenClaims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  /** Unique per token. */
  readonly jti: string;
  readonly "kubernetes.io": {
    readonly namespace: string;
    readonly node?: BoundRef;
    readonly pod?: BoundRef;
    readonly secret?: BoundRef;
    readonly serviceaccount: BoundRef;
    /** From when on use counts as stale, in tokens that live longer than was asked for. */
    readonly warnafter?: number;
  };
  readonly nbf: number;
  /** Name of the service account's user. */
  readonly sub: string;
}

/** Base64url of a JSON value. */
export function encodeSegment(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Undefined if it is no JSON object. */
export function decodeSegment(segment: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment ?? "", "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
