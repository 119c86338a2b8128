import type { ComponentName } from "./components/component.ts";

/** Components that are stopped together, and how long they may take before they are killed. */
export interface StopStage {
  readonly components: readonly ComponentName[];
  readonly graceMs: number;
}

/**
 * Clients before servers: kube-apiserver hangs for minutes when etcd goes first. The graces add up to less than the ten
 * seconds within which nothing is left.
 */
export const stopOrder: readonly StopStage[] = [
  { components: ["kube-scheduler", "kube-controller-manager"], graceMs: 2000 },
  { components: ["kube-apiserver"], graceMs: 4000 },
  { components: ["etcd"], graceMs: 2000 },
];

/** Put into the environment of every component: whose it is and what it is. */
export const runVariable = "HOLLOWFLEET_RUN";
export const componentVariable = "HOLLOWFLEET_COMPONENT";
