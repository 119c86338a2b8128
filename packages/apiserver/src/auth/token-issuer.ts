import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import type { Clock } from "@hollowfleet/core";
import type { KubeObject } from "../object.ts";
import { serviceAccountUserName } from "./service-account-user.ts";
import { type BoundRef, encodeSegment, type TokenClaims } from "./token-claims.ts";

export interface TokenIssuerOptions {
  /** Private key of P-256, PEM. */
  readonly keyPem: string;
  /** Default "https://kubernetes.default.svc.cluster.local". */
  readonly issuer?: string;
  readonly clock: Clock;
  /** For jti. */
  readonly newUid: () => string;
}

/** What a token is for. All its objects exist. */
export interface TokenSubject {
  readonly serviceAccount: KubeObject;
  /** Empty: this server's own. */
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  /** The token ends with it. */
  readonly pod: KubeObject | undefined;
  /** The token ends with it. */
  readonly secret: KubeObject | undefined;
  /** Of a pod: where it runs, told only; without a pod: the token ends with it. */
  readonly node: KubeObject | undefined;
}

/** Signs tokens of service accounts, as `--service-account-signing-key-file` lets the real server do. */
export interface TokenIssuer {
  readonly issuer: string;
  /** Those of this server, which a token gets unless others are asked for. */
  readonly audiences: readonly string[];
  readonly publicKey: KeyObject;
  readonly keyId: string;
  /** @returns a JWT; it begins to count at once */
  issue(subject: TokenSubject): string;
}

/** What clients ask for that expect the year-long tokens of old; such a one lives on after it, with a warning. */
const extendedExpirationSeconds = 60 * 60 + 7;
const extensionSeconds = 365 * 24 * 60 * 60;

function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("base64url");
}

function refOf({ metadata: { name = "", uid } }: KubeObject): BoundRef {
  return { name, ...(uid !== undefined && { uid }) };
}

function sealer(key: KeyObject, keyId: string): (claims: TokenClaims) => string {
  const header = encodeSegment({ alg: "ES256", kid: keyId });
  return (claims) => {
    const text = `${header}.${encodeSegment(claims)}`;
    // JOSE wants the two numbers side by side, not as DER (RFC 7518 §3.4).
    return `${text}.${sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
  };
}

/** Claims of pkg/serviceaccount/claims.go; lives as in pkg/registry/core/serviceaccount/storage/token.go. */
export function createTokenIssuer(options: TokenIssuerOptions): TokenIssuer {
  const { clock, newUid, issuer = "https://kubernetes.default.svc.cluster.local" } = options;
  const key = createPrivateKey(options.keyPem);
  const publicKey = createPublicKey(key);
  const keyId = keyIdOf(publicKey);
  const seal = sealer(key, keyId);
  const own = [issuer];

  return {
    issuer,
    audiences: own,
    publicKey,
    keyId,
    issue({ serviceAccount, audiences, expirationSeconds, pod, secret, node }) {
      const { namespace = "", name = "" } = serviceAccount.metadata;
      const isForUs = audiences.every((audience) => own.includes(audience));
      const isExtended = pod !== undefined && expirationSeconds === extendedExpirationSeconds && isForUs;
      const now = Math.floor(clock.nowMs() / 1000);
      return seal({
        aud: audiences.length === 0 ? own : audiences,
        exp: now + (isExtended ? extensionSeconds : expirationSeconds),
        iat: now,
        iss: issuer,
        jti: newUid(),
        "kubernetes.io": {
          namespace,
          ...(node !== undefined && { node: refOf(node) }),
          ...(pod !== undefined && { pod: refOf(pod) }),
          ...(secret !== undefined && { secret: refOf(secret) }),
          serviceaccount: refOf(serviceAccount),
          ...(isExtended && { warnafter: now + expirationSeconds }),
        },
        nbf: now,
        sub: serviceAccountUserName(namespace, name),
      });
    },
  };
}
