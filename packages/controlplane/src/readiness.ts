import { setTimeout as sleep } from "node:timers/promises";
import { createJsonApi, type JsonApi, type JsonApiOptions } from "./json-api.ts";

const pollMs = 50;

/** Asks again until `check` says yes. Errors of `check` mean "not yet"; the signal's reason ends it. */
export async function waitUntil(check: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (await check().catch(() => false)) return;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Waits for a 200 at `path`. */
export async function waitForOk(options: JsonApiOptions, path: string, signal: AbortSignal): Promise<void> {
  const api = createJsonApi({ ...options, signal });
  try {
    await waitUntil(async () => (await api.send("GET", path)).status === 200, signal);
  } finally {
    api.close();
  }
}

/**
 * Waits until a pod could be created in namespace `default`: its service account is there and the authority is published
 * to it. Both are the controller manager's work.
 */
export async function waitForDefaultNamespace(api: JsonApi, signal: AbortSignal): Promise<void> {
  const base = "/api/v1/namespaces/default";
  await waitUntil(async () => {
    const found = await Promise.all([
      api.send("GET", `${base}/serviceaccounts/default`),
      api.send("GET", `${base}/configmaps/kube-root-ca.crt`),
    ]);
    return found.every(({ status }) => status === 200);
  }, signal);
}
