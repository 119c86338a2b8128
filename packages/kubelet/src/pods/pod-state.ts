/** One end of one container. */
export interface Ended {
  readonly exitCode: number;
  readonly reason: string;
  readonly message?: string;
  /** Absent where the container could not be located. Milliseconds since the epoch. */
  readonly startedMs?: number;
  readonly finishedMs?: number;
  /** Absent where the container could not be located. */
  readonly containerId?: string;
}

/**
 * Where one container is. What is due is a moment in milliseconds since the epoch.
 *
 * | from | on | to |
 * |---|---|---|
 * | idle | its turn comes | queued |
 * | queued | the runtime has started it | running |
 * | queued | its image could not be pulled | pulling-back |
 * | pulling-back | its back-off ends | queued |
 * | running | its own end, SIGTERM, SIGKILL | exited |
 * | exited | restart at once, or back-off over | queued |
 */
export type ContainerPhase =
  /** Not yet its turn. */
  | { readonly t: "idle" }
  /** The runtime is at work on it; `shown` is what the API goes on showing. */
  | { readonly t: "queued"; readonly shown: ContainerPhase }
  /** Its image cannot be pulled. `flipMs`: when ErrImagePull turns into ImagePullBackOff; undefined once it has. */
  | { readonly t: "pulling-back"; readonly retryMs: number; readonly flipMs: number | undefined }
  | {
      readonly t: "running";
      readonly startedMs: number;
      /** When the startup probe passes; undefined: it has, or there is none. */
      readonly startupDueMs: number | undefined;
      /** When the readiness probe passes; undefined: it has, or there is none. */
      readonly readyDueMs: number | undefined;
      /** Its own end; undefined: none. */
      readonly endDueMs: number | undefined;
      /** Set once it has been told to stop. `dueMs`: Infinity where the runtime says when. */
      readonly stop: { readonly dueMs: number; readonly killed: boolean } | undefined;
    }
  /**
   * `syncMs`: when the pod's next sync looks at it; undefined: it has ended for good.
   * `shownBackOffMs`: the API shows waiting/CrashLoopBackOff with this back-off; undefined: it shows the end itself.
   */
  | {
      readonly t: "exited";
      readonly ended: Ended;
      readonly syncMs: number | undefined;
      readonly shownBackOffMs: number | undefined;
    };

export interface ContainerState {
  readonly phase: ContainerPhase;
  readonly restarts: number;
  /** The end before the one that `phase` may hold. */
  readonly last: Ended | undefined;
  /** The restart or pull back-off now in force; 0: none yet. */
  readonly backOffMs: number;
  /** When that back-off was set. */
  readonly backOffSetMs: number;
  /** Of a container that this process did not start itself: its ID as the API has it. */
  readonly adoptedId?: string;
}

/** Why a pod is being stopped. */
export type StopCause = "deleted" | "deadline" | "finished";

/**
 * Where the pod is.
 *
 * | from | on | to |
 * |---|---|---|
 * | creating | sandbox up | running |
 * | creating, running | deletion, deadline | stopping |
 * | running | every container has ended for good | finishing |
 * | finishing | 1.2 s | ended |
 * | stopping | every container has ended | ended |
 * | ended | volumes are gone | gone |
 * | gone | deletion of what the API server did not remove at once | ended |
 */
export type PodStage =
  | { readonly t: "creating"; readonly retryMs: number | undefined }
  | { readonly t: "running" }
  | { readonly t: "finishing"; readonly dueMs: number }
  /** `restMs`: not over before, even if nothing runs. */
  | { readonly t: "stopping"; readonly cause: StopCause; readonly restMs: number }
  /** The phase is terminal. `finalMs`: when the last push, and with a deletion the DELETE, is due. */
  | { readonly t: "ended"; readonly finalMs: number }
  | { readonly t: "gone" }
  /** `finalMs`: when a deletion, if there is one, is carried out. */
  | { readonly t: "rejected"; readonly finalMs: number | undefined };

/** Everything that changes about one pod on its node. Immutable: a step makes a new one. */
export interface PodState {
  readonly stage: PodStage;
  /** In the order of the plan. */
  readonly containers: readonly ContainerState[];
  /** status.startTime: the first sync. */
  readonly startMs: number;
  /** The metadata.generation last acted on; 0 on servers that keep none. */
  readonly generation: number;
  readonly deleting: boolean;
  readonly sandbox: "none" | "up" | "gone";
  readonly ip: string | undefined;
  /** The pod's IP is reported from the first container on, not with the sandbox (kubelet-audit §3). */
  readonly ipShown: boolean;
  /** All init containers have been done once. */
  readonly initialized: boolean;
  /** Only ever set once, when the pod can have no running container any more. */
  readonly phase: "Succeeded" | "Failed" | undefined;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  /** When the state that is reported last changed: the time of new condition transitions. */
  readonly changedMs: number;
}

/** What happens to a pod. */
export type PodEvent =
  | { readonly t: "seen" }
  | { readonly t: "rejected"; readonly reason: string; readonly message: string }
  /** `ip` undefined: none could be given, which makes it a failure. */
  | { readonly t: "sandbox-made"; readonly ip: string | undefined }
  | { readonly t: "container-up"; readonly index: number }
  /** It has ended of its SIGTERM. */
  | { readonly t: "container-down"; readonly index: number }
  /** Seen with a deletionTimestamp, or with a shorter grace than before. */
  | { readonly t: "delete"; readonly graceMs: number; readonly generation: number }
  /** The spec changed, or a readiness gate did. */
  | { readonly t: "changed"; readonly generation: number }
  | { readonly t: "wake" };

/** Which status it is that shall be pushed; profile `status-only` leaves those out that come before the pod runs. */
export type PushStep = "created" | "sandbox" | "init" | "change" | "final";

export type PodEffect =
  | { readonly do: "push"; readonly step: PushStep }
  | {
      readonly do: "event";
      readonly type: "Normal" | "Warning";
      readonly reason: string;
      readonly message: string;
      /** The container it is about; undefined: the pod. */
      readonly index: number | undefined;
    }
  /** Ask for tokens and open the watches of ConfigMaps and Secrets. */
  | { readonly do: "mount" }
  | { readonly do: "create-sandbox" }
  | { readonly do: "start-container"; readonly index: number }
  | { readonly do: "stop-container"; readonly index: number }
  /** Give back the IP, the token and the watches. */
  | { readonly do: "release" };

export interface PodStep {
  readonly state: PodState;
  readonly effects: readonly PodEffect[];
}
