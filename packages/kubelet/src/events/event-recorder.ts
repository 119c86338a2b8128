/** The object that an event is about. */
export interface EventTarget {
  readonly kind: string;
  readonly apiVersion: string;
  /** Absent for cluster-scoped objects: their events go to namespace `default`. */
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** `spec.containers{c}` */
  readonly fieldPath?: string;
}

export type EventType = "Normal" | "Warning";

/** Sends the events of one hollow kubelet in the background. */
export interface EventRecorder {
  record(target: EventTarget, type: EventType, reason: string, message: string): void;
  /** What is queued is dropped. */
  stop(): void;
}

/** For profiles without events. */
export const noEvents: EventRecorder = { record: () => undefined, stop: () => undefined };
