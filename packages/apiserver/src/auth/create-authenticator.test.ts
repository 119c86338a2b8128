import { ManualClock } from "@hollowfleet/core";
import { beforeEach, describe, expect, it } from "vitest";
import type { ApiError } from "../api-error.ts";
import type { UserInfo } from "../request-info.ts";
import type { MemoryStore } from "../store/memory-store.ts";
import type { Authenticator, Proofs } from "./auth.ts";
import { anonymousUser, createAuthenticator } from "./create-authenticator.ts";
import { emptyStore, put, remove } from "./testing/cluster.ts";
import { newKeyPem } from "./testing/key.ts";
import { decodeSegment } from "./token-claims.ts";
import { createTokenIssuer, type TokenIssuer, type TokenSubject } from "./token-issuer.ts";
import { createTokenVerifier } from "./token-verifier.ts";

const keyPem = newKeyPem();
const server = "https://kubernetes.default.svc.cluster.local";
const startMs = Date.parse("2026-01-01T00:00:00Z");
let clock: ManualClock;
let store: MemoryStore;
let issuer: TokenIssuer;
let authenticator: Authenticator;
const staticTokens = new Map<string, UserInfo>();

beforeEach(() => {
  clock = new ManualClock(startMs);
  store = emptyStore();
  issuer = createTokenIssuer({ keyPem, clock, newUid: () => "jti-1" });
  staticTokens.clear();
  const tokenVerifier = createTokenVerifier({ issuer, store, clock });
  authenticator = createAuthenticator({ staticTokens, tokenVerifier });
});

function who(proofs: Partial<Proofs>): UserInfo | undefined {
  return authenticator.authenticate({ certificate: undefined, authorization: undefined, ...proofs });
}

/** Undefined where the answer is 401. */
function bearer(token: string): UserInfo | undefined {
  try {
    return who({ authorization: `Bearer ${token}` });
  } catch (error) {
    expect((error as ApiError).status()).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "Unauthorized",
      reason: "Unauthorized",
      code: 401,
    });
    return undefined;
  }
}

/** A token of a service account that exists; not bound unless said so. */
function subject(changes: Partial<TokenSubject> = {}): TokenSubject {
  const serviceAccount = put(store, "serviceaccounts", { namespace: "ns", name: "builder", uid: "sa-1" });
  const none = { pod: undefined, secret: undefined, node: undefined };
  return { serviceAccount, audiences: [], expirationSeconds: 3600, ...none, ...changes };
}

describe("createAuthenticator", () => {
  it("takes name and groups from a certificate, whatever token comes with it", () => {
    const certificate = { commonName: "system:node:a", organizations: ["system:nodes"] };
    const user = { name: "system:node:a", groups: ["system:nodes", "system:authenticated"] };
    expect(who({ certificate })).toEqual(user);
    expect(who({ certificate, authorization: "Bearer wrong" })).toBe(who({ certificate }));
  });

  it("knows static tokens as long as they are there", () => {
    expect(bearer("secret")).toBeUndefined();
    staticTokens.set("secret", { name: "alice", groups: ["devs"], uid: "7" });
    expect(bearer("secret")).toEqual({ name: "alice", groups: ["devs", "system:authenticated"], uid: "7" });
    expect(bearer("secret")).toBe(bearer("secret"));
    staticTokens.delete("secret");
    expect(bearer("secret")).toBeUndefined();
  });

  it("takes what is no bearer token for no proof at all", () => {
    for (const authorization of [undefined, "", "Basic YTpi", "Bearer", "Bearer  x"]) {
      expect(who({ authorization })).toBe(anonymousUser);
    }
    expect(who({ certificate: { commonName: "", organizations: [] } })).toBe(anonymousUser);
  });
});

describe("tokens of service accounts", () => {
  it("carry the claims of the real server", () => {
    const pod = put(store, "pods", { namespace: "ns", name: "p", uid: "pod-1" });
    const node = put(store, "nodes", { name: "a", uid: "node-1" });
    const [header, payload] = issuer.issue(subject({ pod, node })).split(".");
    expect(decodeSegment(header)).toEqual({ alg: "ES256", kid: issuer.keyId });
    const now = startMs / 1000;
    expect(decodeSegment(payload)).toEqual({
      aud: [server],
      exp: now + 3600,
      iat: now,
      iss: server,
      jti: "jti-1",
      "kubernetes.io": {
        namespace: "ns",
        node: { name: "a", uid: "node-1" },
        pod: { name: "p", uid: "pod-1" },
        serviceaccount: { name: "builder", uid: "sa-1" },
      },
      nbf: now,
      sub: "system:serviceaccount:ns:builder",
    });
  });

  it("live for a year, with a warning, where kubelets ask for 3607 s for this server", () => {
    const pod = put(store, "pods", { namespace: "ns", name: "p", uid: "pod-1" });
    const lifeOf = (changes: Partial<TokenSubject>): unknown[] => {
      const claims = decodeSegment(issuer.issue(subject({ expirationSeconds: 3607, ...changes })).split(".")[1]);
      const { warnafter } = (claims?.["kubernetes.io"] ?? {}) as { warnafter?: number };
      return [Number(claims?.["exp"]) - Number(claims?.["iat"]), warnafter && warnafter - startMs / 1000];
    };
    expect(lifeOf({ pod })).toEqual([365 * 24 * 3600, 3607]);
    expect(lifeOf({ pod, audiences: [server] })).toEqual([365 * 24 * 3600, 3607]);
    expect(lifeOf({ pod, audiences: ["vault"] })).toEqual([3607, undefined]);
    expect(lifeOf({})).toEqual([3607, undefined]);
    expect(lifeOf({ pod, expirationSeconds: 3600 })).toEqual([3600, undefined]);
  });

  it("tell the account, and what they are bound to", () => {
    const pod = put(store, "pods", { namespace: "ns", name: "p", uid: "pod-1" });
    const node = put(store, "nodes", { name: "a", uid: "node-1" });
    expect(bearer(issuer.issue(subject({ pod, node })))).toEqual({
      name: "system:serviceaccount:ns:builder",
      uid: "sa-1",
      groups: ["system:serviceaccounts", "system:serviceaccounts:ns", "system:authenticated"],
      extra: {
        "authentication.kubernetes.io/credential-id": ["JTI=jti-1"],
        "authentication.kubernetes.io/node-name": ["a"],
        "authentication.kubernetes.io/node-uid": ["node-1"],
        "authentication.kubernetes.io/pod-name": ["p"],
        "authentication.kubernetes.io/pod-uid": ["pod-1"],
      },
    });
    remove(store, "nodes", "", "a");
    expect(bearer(issuer.issue(subject({ pod, node })))).toBeDefined();
  });

  it("end with their time, but for a minute of leeway", () => {
    const token = issuer.issue(subject({ expirationSeconds: 600 }));
    clock.advance(659_000);
    expect(bearer(token)).toBeDefined();
    clock.advance(2000);
    expect(bearer(token)).toBeUndefined();
  });

  it.each(["pods", "secrets", "nodes"] as const)("end with the one of %s that they are bound to", (resource) => {
    const metadata = { ...(resource !== "nodes" && { namespace: "ns" }), name: "x" };
    const bound = put(store, resource, { ...metadata, uid: "1" });
    const token = issuer.issue(subject({ [resource.slice(0, -1)]: bound }));
    expect(bearer(token)).toBeDefined();
    const deletionTimestamp = new Date(startMs).toISOString();
    put(store, resource, { ...metadata, uid: "1", deletionTimestamp });
    clock.advance(60_000);
    expect(bearer(token)).toBeDefined();
    clock.advance(1000);
    expect(bearer(token)).toBeUndefined();
    remove(store, resource, metadata.namespace ?? "", "x");
    put(store, resource, { ...metadata, uid: "2" });
    expect(bearer(token)).toBeUndefined();
  });

  it("end with their account, even when another one gets its name", () => {
    const token = issuer.issue(subject());
    expect(bearer(token)).toBeDefined();
    remove(store, "serviceaccounts", "ns", "builder");
    expect(bearer(token)).toBeUndefined();
    put(store, "serviceaccounts", { namespace: "ns", name: "builder", uid: "sa-2" });
    expect(bearer(token)).toBeUndefined();
  });

  it("do not count here when they are for others", () => {
    const token = issuer.issue(subject({ audiences: ["vault"] }));
    expect(bearer(token)).toBeUndefined();
    const verifier = createTokenVerifier({ issuer, store, clock });
    expect(verifier.verify(token, ["vault"])?.name).toBe("system:serviceaccount:ns:builder");
  });

  it("do not count when anything about them is forged", () => {
    const [header, payload, signature] = issuer.issue(subject()).split(".");
    const claims = decodeSegment(payload);
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const root = encode({ ...claims, sub: "system:serviceaccount:kube-system:root" });
    const stranger = createTokenIssuer({ keyPem: newKeyPem(), clock, newUid: () => "jti-2" });
    for (const token of [
      `${header}.${root}.${signature}`,
      `${encode({ alg: "none" })}.${payload}.`,
      `${encode({ alg: "HS256" })}.${payload}.${signature}`,
      `${header}.${payload}`,
      `${header}.${payload}.${signature}x.y`,
      `${header}.bm90IGpzb24.${signature}`,
      `${header}.${payload}.`,
      stranger.issue(subject()),
      `${stranger.issue(subject()).split(".")[0]}.${payload}.${signature}`,
    ]) {
      expect(bearer(token)).toBeUndefined();
    }
  });

  it("are remembered up to a limit without being taken for one another", () => {
    const verifier = createTokenVerifier({ issuer, store, clock, cachedTokens: 1 });
    const first = issuer.issue(subject());
    const second = issuer.issue({ ...subject(), expirationSeconds: 7200 });
    expect(verifier.verify(first)).toBe(verifier.verify(first));
    expect(verifier.verify(second)).toBeDefined();
    expect(verifier.verify(first)).toBeDefined();
  });
});
