import type { ClientError } from "@hollowfleet/client";
import type { PodPhase } from "../observer.ts";
import type { PodEntry } from "./pod-entry.ts";
import type { PodManagerOptions } from "./pod-manager.ts";
import type { PodEffect, PodState } from "./pod-state.ts";

type EventEffect = Extract<PodEffect, { readonly do: "event" }>;

/** What of a node's pods is told to the event recorder and to the observer. */
export class PodReports {
  readonly #options: PodManagerOptions;

  constructor(options: PodManagerOptions) {
    this.#options = options;
  }

  event(entry: PodEntry, effect: EventEffect): void {
    const { namespace, name, uid, containers } = entry.plan;
    const container = effect.index === undefined ? undefined : containers[effect.index];
    const list = container?.role === "app" ? "containers" : "initContainers";
    this.#options.events.record(
      {
        kind: "Pod",
        apiVersion: "v1",
        namespace,
        name,
        uid,
        resourceVersion: entry.resourceVersion,
        ...(container === undefined ? {} : { fieldPath: `spec.${list}{${container.name}}` }),
      },
      effect.type,
      effect.reason,
      effect.message,
    );
  }

  /** pkg/kubelet/volumemanager/reconciler */
  mountFailed(entry: PodEntry, error: ClientError): void {
    const message = `MountVolume.SetUp failed for volume "${entry.plan.tokenVolume}" : failed to fetch token: ${error.message}`;
    this.event(entry, { do: "event", type: "Warning", reason: "FailedMount", message, index: undefined });
  }

  phase(entry: PodEntry, to: PodPhase): void {
    if (entry.told === to) return;
    this.#options.observer.onPodPhase(this.#options.spec.name, entry.told, to);
    entry.told = to;
  }

  gone(entry: PodEntry): void {
    if (entry.told === "none") return;
    this.#options.observer.onPodPhase(this.#options.spec.name, entry.told, "gone");
    entry.told = "none";
  }

  /** The API server has accepted a status of this state. */
  stored(entry: PodEntry, state: PodState, phase: string | undefined): void {
    if (!entry.present) return;
    if (!state.deleting && entry.told !== "Terminating" && isPhase(phase)) this.phase(entry, phase);
    if (entry.startTold || phase === undefined || phase === "Pending" || state.stage.t === "rejected") return;
    entry.startTold = true;
    const { namespace, name, uid } = entry.plan;
    this.#options.observer.onPodStarted(this.#options.spec.name, {
      namespace,
      name,
      uid,
      simulatedMs: entry.simulatedMs,
      boundSeenUs: entry.seenUs,
      runningPushedUs: this.#options.clock.nowUs(),
    });
  }
}

function isPhase(phase: string | undefined): phase is PodPhase {
  return phase === "Pending" || phase === "Running" || phase === "Succeeded" || phase === "Failed";
}
