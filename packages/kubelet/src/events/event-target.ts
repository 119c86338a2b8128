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

/** Something to tell of, at the moment it happened. */
export interface Occurrence {
  readonly target: EventTarget;
  readonly type: EventType;
  readonly reason: string;
  readonly message: string;
  /** Wall clock, milliseconds since the Unix epoch. */
  readonly atMs: number;
}
