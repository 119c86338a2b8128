import { ManualClock } from "@hollowfleet/core";
import { beforeEach, describe, expect, it } from "vitest";
import type { ApiError } from "../api-error.ts";
import type { KubeObject } from "../object.ts";
import type { MemoryStore } from "../store/memory-store.ts";
import { emptyStore, plainUser, put, request } from "./testing/cluster.ts";
import { newKeyPem } from "./testing/key.ts";
import { decodeSegment } from "./token-claims.ts";
import { createTokenIssuer, type TokenIssuer } from "./token-issuer.ts";
import { createToken } from "./token-request.ts";

const keyPem = newKeyPem();
const server = "https://kubernetes.default.svc.cluster.local";
const clock = new ManualClock(Date.parse("2026-01-01T00:00:00.700Z"));
let store: MemoryStore;
let issuer: TokenIssuer;

beforeEach(() => {
  store = emptyStore();
  issuer = createTokenIssuer({ keyPem, clock, newUid: () => "jti" });
  put(store, "serviceaccounts", { namespace: "ns", name: "builder", uid: "sa-1" });
  const spec = { serviceAccountName: "builder", nodeName: "a" };
  put(store, "pods", { namespace: "ns", name: "p", uid: "pod-1" }, { spec });
  put(store, "nodes", { name: "a", uid: "node-1" });
  put(store, "secrets", { namespace: "ns", name: "s", uid: "secret-1" });
});

function ask(spec: object, metadata: KubeObject["metadata"] = {}, name = "builder"): KubeObject {
  const info = request(plainUser("u"), "create", "serviceaccounts/token", { namespace: "ns", name });
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", metadata, spec };
  return createToken(issuer, store, info, body, clock.nowMs());
}

function refusal(spec: object, metadata: KubeObject["metadata"] = {}, name = "builder"): ApiError {
  try {
    ask(spec, metadata, name);
  } catch (error) {
    return error as ApiError;
  }
  throw new Error("it was answered");
}

/** What the token is bound to. */
function boundTo(ref: object): unknown {
  const { token } = ask({ boundObjectRef: { apiVersion: "v1", ...ref } })["status"] as { token: string };
  const claims = (decodeSegment(token.split(".")[1])?.["kubernetes.io"] ?? {}) as Record<string, unknown>;
  return { pod: claims["pod"], node: claims["node"], secret: claims["secret"] };
}

describe("createToken", () => {
  it("answers with the token and what was granted", () => {
    const answer = ask({});
    expect(answer).toEqual({
      kind: "TokenRequest",
      apiVersion: "authentication.k8s.io/v1",
      metadata: { name: "builder", namespace: "ns", uid: "sa-1", creationTimestamp: "2026-01-01T00:00:00Z" },
      spec: { audiences: [server], expirationSeconds: 3600, boundObjectRef: null },
      status: {
        token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{86}$/),
        expirationTimestamp: "2026-01-01T01:00:00Z",
      },
    });
    const spec = { audiences: ["vault"], expirationSeconds: 600, boundObjectRef: { kind: "Secret", name: "s" } };
    expect(ask(spec)["spec"]).toEqual(spec);
  });

  it("tells a kubelet when to renew, not when a year is over", () => {
    const boundObjectRef = { kind: "Pod", apiVersion: "v1", name: "p", uid: "pod-1" };
    expect(ask({ expirationSeconds: 3607, boundObjectRef })["status"]).toMatchObject({
      expirationTimestamp: "2026-01-01T01:00:07Z",
    });
  });

  it("binds to pods, with their nodes, to secrets and to nodes", () => {
    const pod = { name: "p", uid: "pod-1" };
    const node = { name: "a", uid: "node-1" };
    expect(boundTo({ kind: "Pod", name: "p", uid: "pod-1" })).toEqual({ pod, node });
    expect(boundTo({ kind: "Secret", name: "s" })).toEqual({ secret: { name: "s", uid: "secret-1" } });
    expect(boundTo({ kind: "Node", name: "a" })).toEqual({ node });
    store.delete(request(plainUser("u"), "get", "nodes").resource, "", "a");
    expect(boundTo({ kind: "Pod", name: "p" })).toEqual({ pod, node: { name: "a" } });
  });

  it("wants at least ten minutes and at most 2^32 seconds", () => {
    expect(refusal({ expirationSeconds: 599 }).status()).toMatchObject({
      message:
        'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
      details: {
        group: "authentication.k8s.io",
        kind: "TokenRequest",
        causes: [
          {
            reason: "FieldValueInvalid",
            message: "Invalid value: 599: may not specify a duration less than 10 minutes",
            field: "spec.expirationSeconds",
          },
        ],
      },
      code: 422,
    });
    expect(refusal({ expirationSeconds: 2 ** 32 + 1 }).message).toMatch(
      /may not specify a duration larger than 2\^32 seconds$/,
    );
  });

  it("refuses what does not fit together", () => {
    expect(refusal({}, {}, "gone").message).toBe('serviceaccounts "gone" not found');
    expect(refusal({}, { name: "other" }).message).toBe(
      'TokenRequest.authentication.k8s.io "builder" is invalid: metadata.name: Invalid value: "other": must match the service account name if specified',
    );
    expect(refusal({}, { namespace: "other" }).message).toMatch(/metadata\.namespace: Invalid value: "other"/);
    expect(refusal({}, { uid: "sa-0" }).message).toBe(
      'Operation cannot be fulfilled on TokenRequest.authentication.k8s.io "builder": the UID in the token request (sa-0) does not match the UID of the service account (sa-1)',
    );
    const bound = (ref: object): ApiError => refusal({ boundObjectRef: { apiVersion: "v1", ...ref } });
    expect(bound({ kind: "Pod", name: "gone" }).message).toBe('pods "gone" not found');
    expect(bound({ kind: "Pod", name: "p", uid: "pod-0" }).status()).toMatchObject({
      message:
        'Operation cannot be fulfilled on Pod "p": the UID in the bound object reference (pod-0) does not match the UID in record. The object might have been deleted and then recreated',
      code: 409,
    });
    expect(bound({ apiVersion: "apps/v1", kind: "Deployment", name: "d" }).message).toBe(
      "cannot bind token to object of type apps/v1, Kind=Deployment",
    );
    put(store, "serviceaccounts", { namespace: "ns", name: "other", uid: "sa-2" });
    expect(refusal({ boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "p" } }, {}, "other").message).toBe(
      'cannot bind token for serviceaccount "other" to pod running with different serviceaccount name.',
    );
  });
});
