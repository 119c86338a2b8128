import { type ApiClient, createApiClient } from "@hollowfleet/client";
import { ManualClock, seededRandom } from "@hollowfleet/core";
import { createEventRecorder, noEvents } from "../events/event-recorder.ts";
import type { NodeContext } from "../node/node-context.ts";
import type { NodeSpec } from "../node-spec.ts";
import { type ProfileName, profileOf } from "../profile.ts";
import { FakeApiServer } from "./fake-api-server.ts";
import { RecordingObserver } from "./recording-observer.ts";

export const fakeSpec: NodeSpec = {
  name: "n1",
  address: "127.64.0.1",
  kubeletPort: 10250,
  capacity: { cpu: "8", memory: "32Gi", pods: "110" },
  labels: {},
  taints: [],
  kubeletVersion: "v1.36.3",
  fallbackPodCidr: "10.64.3.0/24",
};

/** One node with its API server, clock and observer. */
export interface FakeNode {
  readonly clock: ManualClock;
  readonly server: FakeApiServer;
  readonly observer: RecordingObserver;
  readonly api: ApiClient;
  readonly context: NodeContext;
}

/** @param startMs wall clock at the beginning */
export function fakeNode(profileName: ProfileName = "kubelet", startMs?: number): FakeNode {
  const clock = new ManualClock(startMs);
  const server = new FakeApiServer(clock);
  const observer = new RecordingObserver();
  const api = createApiClient({ transport: server, clock });
  const heartbeat = api.derive({ timeoutMs: 10_000, timeoutQuery: "10s" });
  const profile = profileOf(profileName, "all");
  const random = seededRandom("n1");
  const events = profile.events
    ? createEventRecorder({ api, node: "n1", clock, random, component: "kubelet" })
    : noEvents;
  const context: NodeContext = { spec: fakeSpec, profile, api, heartbeat, events, clock, random, observer };
  return { clock, server, observer, api, context };
}
