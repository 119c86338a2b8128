import { verify } from "node:crypto";
import type { Clock } from "@hollowfleet/core";
import type { KubeObject } from "../object.ts";
import type { UserInfo } from "../request-info.ts";
import type { Store } from "../store/store.ts";
import { findObject, type KnownResource, known } from "./known-resources.ts";
import { serviceAccountGroups } from "./service-account-user.ts";
import { type BoundRef, decodeSegment, type TokenClaims } from "./token-claims.ts";
import type { TokenIssuer } from "./token-issuer.ts";

export interface TokenVerifierOptions {
  readonly issuer: Pick<TokenIssuer, "issuer" | "audiences" | "publicKey" | "keyId">;
  readonly store: Store;
  readonly clock: Clock;
  /** Signatures remembered as right, oldest forgotten first. Default 20,000. */
  readonly cachedTokens?: number;
}

/** Tells which service account a token belongs to. */
export interface TokenVerifier {
  /**
   * Undefined for any token that does not count: not from our issuer, for another audience, expired, or bound to an
   * object that is gone.
   * @param audiences whom the token is shown to; default this server
   */
  verify(token: string, audiences?: readonly string[]): UserInfo | undefined;
}

/** A token with a right signature. Whether it counts at a moment is another question. */
interface SignedToken {
  readonly claims: TokenClaims;
  readonly user: UserInfo;
}

/** How far clocks may be apart (go-jose jwt.DefaultLeeway). */
const leewaySeconds = 60;

function userOf(claims: TokenClaims): UserInfo {
  const { namespace, serviceaccount, pod, node } = claims["kubernetes.io"];
  const extra: Record<string, readonly string[]> = {};
  const add = (key: string, value: string | undefined): void => {
    if (value !== undefined && value !== "") extra[`authentication.kubernetes.io/${key}`] = [value];
  };
  add("credential-id", claims.jti === "" ? "" : `JTI=${claims.jti}`);
  add("node-name", node?.name);
  add("node-uid", node?.uid);
  add("pod-name", pod?.name);
  add("pod-uid", pod?.uid);
  return {
    name: claims.sub,
    groups: serviceAccountGroups(namespace),
    ...(serviceaccount.uid !== undefined && { uid: serviceaccount.uid }),
    extra,
  };
}

/** The object is there, is the one that was meant, and has not been deleted for longer than clocks differ. */
function stands(object: KubeObject | undefined, ref: BoundRef, nowSeconds: number): boolean {
  if (object === undefined || object.metadata.uid !== ref.uid) return false;
  const { deletionTimestamp } = object.metadata;
  return deletionTimestamp === undefined || Date.parse(deletionTimestamp) / 1000 >= nowSeconds - leewaySeconds;
}

/** As pkg/serviceaccount/{jwt,claims}.go of the real server. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { store, clock, issuer, cachedTokens = 20_000 } = options;
  const signed = new Map<string, SignedToken>();

  function check(token: string): SignedToken | undefined {
    const parts = token.split(".");
    const claims = decodeSegment(parts[1]) as TokenClaims | undefined;
    const header = decodeSegment(parts[0]);
    if (parts.length !== 3 || claims?.iss !== issuer.issuer || header?.["alg"] !== "ES256") return undefined;
    if (header["kid"] !== undefined && header["kid"] !== issuer.keyId) return undefined;
    const text = Buffer.from(`${parts[0]}.${parts[1]}`);
    const signature = Buffer.from(parts[2] ?? "", "base64url");
    const key = { key: issuer.publicKey, dsaEncoding: "ieee-p1363" } as const;
    if (!verify("sha256", text, key, signature)) return undefined;
    return { claims, user: userOf(claims) };
  }

  function remembered(token: string): SignedToken | undefined {
    const found = signed.get(token);
    if (found !== undefined) return found;
    const checked = check(token);
    if (checked === undefined) return undefined;
    signed.set(token, checked);
    const [oldest] = signed.keys();
    if (signed.size > cachedTokens && oldest !== undefined) signed.delete(oldest);
    return checked;
  }

  function counts({ aud, exp, nbf, iat, ...claims }: TokenClaims, audiences: readonly string[]): boolean {
    const now = clock.nowMs() / 1000;
    if (!aud.some((audience) => audiences.includes(audience))) return false;
    if (now - leewaySeconds > exp || now + leewaySeconds < nbf || now + leewaySeconds < iat) return false;
    const { namespace, serviceaccount, pod, secret, node } = claims["kubernetes.io"];
    const is = (resource: KnownResource, ref: BoundRef, home = namespace): boolean =>
      stands(findObject(store, known[resource], home, ref.name), ref, now);
    return (
      is("serviceaccounts", serviceaccount) &&
      (pod === undefined || is("pods", pod)) &&
      (secret === undefined || is("secrets", secret)) &&
      // The node of a pod is told, not checked.
      (node === undefined || pod !== undefined || is("nodes", node, ""))
    );
  }

  return {
    verify(token, audiences = issuer.audiences) {
      const found = remembered(token);
      return found !== undefined && counts(found.claims, audiences) ? found.user : undefined;
    },
  };
}
