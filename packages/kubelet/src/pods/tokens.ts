import { type ApiClient, resources } from "@hollowfleet/client";
import type { Random } from "@hollowfleet/core";
import { kinds, type TokenRequest, timeToMs } from "@hollowfleet/wire";
import type { PodPlan, TokenPlan } from "./pod-plan.ts";

/** pkg/kubelet/token/token_manager.go: refreshed at 80 % of its life, or at a day, up to 10 s earlier. */
const refreshShare = 0.8;
const refreshMaxMs = 24 * 3_600_000;
const refreshJitterMs = 10_000;

/** The request a kubelet posts for one token of one pod (kubelet-audit §3). */
function tokenRequest(plan: PodPlan, token: TokenPlan): TokenRequest {
  return {
    spec: {
      ...(token.audience === undefined ? {} : { audiences: [token.audience] }),
      expirationSeconds: token.expirationSeconds,
      boundObjectRef: { kind: "Pod", apiVersion: "v1", name: plan.name, uID: plan.uid },
    },
  };
}

/** Milliseconds from a token's issue to its refresh. */
function refreshDelayMs(lifeMs: number, random: Random): number {
  return Math.max(0, Math.min(lifeMs * refreshShare, refreshMaxMs) - random.next() * refreshJitterMs);
}

/**
 * Asks for all tokens of a pod, one after another.
 * @returns when the first of them must be refreshed, in milliseconds from now; undefined: the pod has none
 * @throws ClientError
 */
export async function requestTokens(
  api: ApiClient,
  plan: PodPlan,
  random: Random,
  nowMs: number,
): Promise<number | undefined> {
  let refresh: number | undefined;
  for (const token of plan.tokens) {
    const name = { namespace: plan.namespace, name: plan.serviceAccount };
    const body = tokenRequest(plan, token);
    const answer = await api.createSubresource(resources.serviceaccounts, name, "token", kinds.TokenRequest, body);
    const expires = timeToMs(answer.object.status?.expirationTimestamp);
    const lifeMs = expires === undefined ? token.expirationSeconds * 1000 : expires - nowMs;
    refresh = Math.min(refresh ?? Number.POSITIVE_INFINITY, refreshDelayMs(lifeMs, random));
  }
  return refresh;
}
