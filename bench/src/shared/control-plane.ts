import { findAssets } from "@hollowfleet/assets";
import { type ApiClient, createApiClient, createHttp2Transport } from "@hollowfleet/client";
import { type ControlPlane, type LocalControlPlane, type LocalOptions, startLocal } from "@hollowfleet/controlplane";
import { systemClock } from "@hollowfleet/core";

/** Starts the control plane that all sides of one comparison share, and stops it afterwards, whatever happened. */
export async function withControlPlane<R>(
  options: Omit<LocalOptions, "binaries">,
  use: (plane: LocalControlPlane) => Promise<R>,
): Promise<R> {
  const { paths } = await findAssets();
  const interrupted = new AbortController();
  const onSignal = (): void => interrupted.abort();
  process.once("SIGINT", onSignal);
  const plane = await startLocal({ ...options, binaries: paths, signal: interrupted.signal });
  try {
    const ended = new Promise<never>((_, reject) => {
      interrupted.signal.addEventListener("abort", () => reject(new Error("interrupted")), { once: true });
      plane.onDeath(({ component, cause }) => reject(new Error(`${component} died: ${cause}`)));
    });
    return await Promise.race([use(plane), ended]);
  } finally {
    process.off("SIGINT", onSignal);
    await plane.stop();
  }
}

/** Runs `use` with a client of the control plane's administrator. Only for setting up: it skips Priority & Fairness. */
export async function withAdmin<R>(plane: ControlPlane, use: (api: ApiClient) => Promise<R>): Promise<R> {
  if (plane.admin.kind !== "certificate")
    throw new Error("the administrator of a control plane of ours has a certificate");
  const transport = createHttp2Transport({ ...plane.endpoint, ...plane.admin, clock: systemClock });
  try {
    return await use(createApiClient({ transport }));
  } finally {
    transport.close();
  }
}

/** Calls `each` for every number below `count`, at most `atOnce` at a time. The first failure ends it. */
export async function forEachBelow(
  count: number,
  atOnce: number,
  each: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await each(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
}
