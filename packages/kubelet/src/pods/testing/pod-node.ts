import { ManualClock, seededRandom } from "@hollowfleet/core";
import type { PodSpec } from "@hollowfleet/wire";
import type { EventRecorder } from "../../events/event-recorder.ts";
import type { NodeSpec } from "../../node-spec.ts";
import type { KubeletObserver, PodStarted } from "../../observer.ts";
import { measuredDelays, type ProfileName, profileOf, type StartDelays } from "../../profile.ts";
import { createPodManager, type PodManager } from "../pod-manager.ts";
import { PodApi } from "./pod-api.ts";

export const nodeSpec: NodeSpec = {
  name: "node-1",
  address: "192.0.2.2",
  kubeletPort: 10250,
  capacity: { cpu: "4", memory: "8Gi", pods: "30", "ephemeral-storage": "100Gi" },
  labels: {},
  taints: [],
  kubeletVersion: "v1.36.3",
  fallbackPodCidr: "10.64.3.0/24",
};

/** A pod of one container with the volume that the ServiceAccount admission plugin adds. */
export const plainSpec: PodSpec = {
  restartPolicy: "Always",
  serviceAccountName: "default",
  containers: [
    { name: "c", image: "app:1", volumeMounts: [{ name: "kube-api-access-x", mountPath: "/token", readOnly: true }] },
  ],
  volumes: [
    {
      name: "kube-api-access-x",
      volumeSource: {
        projected: {
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
            { configMap: { localObjectReference: { name: "kube-root-ca.crt" } } },
          ],
        },
      },
    },
  ],
};

/** The pods of one node on a manual clock, with a store of pods as its API server. */
export class PodNode {
  readonly clock: ManualClock = new ManualClock(Date.UTC(2026, 10, 22, 13, 34, 3, 100));
  readonly server: PodApi = new PodApi(this.clock);
  readonly events: string[] = [];
  readonly fieldPaths: (string | undefined)[] = [];
  readonly phases: string[] = [];
  readonly started: PodStarted[] = [];
  readonly errors: string[] = [];
  manager: PodManager;
  readonly #start: () => PodManager;

  constructor(profile: ProfileName = "kubelet", delays: StartDelays = measuredDelays, spec: NodeSpec = nodeSpec) {
    const events: EventRecorder = {
      record: (target, _type, reason, message) => {
        this.events.push(`${reason}: ${message}`);
        this.fieldPaths.push(target.fieldPath);
      },
      stop: () => undefined,
    };
    const observer: KubeletObserver = {
      onNodeState: () => undefined,
      onLease: () => undefined,
      onPodPhase: (_, from, to) => this.phases.push(`${from}>${to}`),
      onPodStarted: (_, facts) => this.started.push(facts),
      onError: (_, where, error) => this.errors.push(`${where}: ${error.code}`),
    };
    this.#start = () =>
      createPodManager({
        spec,
        profile: profileOf(profile, "all"),
        delays,
        api: this.server.api,
        events,
        clock: this.clock,
        random: seededRandom("pods"),
        observer,
      });
    this.manager = this.#start();
    this.server.sink = this.manager;
  }

  /** The kubelet dies and comes back, with nothing but what the API server knows. */
  restart(...pods: string[]): void {
    this.manager.stop();
    this.manager = this.#start();
    this.server.sink = this.manager;
    this.manager.replace(pods.map((name) => this.server.received(name)));
  }

  /** Lets time pass and everything that follows from it happen. */
  async run(ms: number): Promise<void> {
    await this.clock.settle(ms);
  }
}
