import { type ApiClient, ClientError } from "@hollowfleet/client";
import type { Clock, Random } from "@hollowfleet/core";
import type { EventRecorder } from "../events/event-recorder.ts";
import type { NodeSpec } from "../node-spec.ts";
import type { KubeletObserver } from "../observer.ts";
import type { Profile } from "../profile.ts";

/** What all parts of one hollow kubelet share: one object per node, so that each part holds one reference. */
export interface NodeContext {
  readonly spec: NodeSpec;
  readonly profile: Profile;
  /** Rate limited as the profile says. */
  readonly api: ApiClient;
  /** Not rate limited, 10 s timeout: leases and node status. */
  readonly heartbeat: ApiClient;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: KubeletObserver;
}

/** How a call ended. */
export type Attempt<T> =
  | { readonly value: T; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: ClientError };

/** Awaits a call; what it failed with is a value, since a kubelet's parts decide by it. Anything but a ClientError is a bug. */
export async function attempt<T>(call: Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await call };
  } catch (thrown) {
    if (thrown instanceof ClientError) return { error: thrown };
    throw thrown;
  }
}

/** The bytes in a buffer of their own: a view would keep alive the whole chunk that they came in. */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
