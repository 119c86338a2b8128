import type { Scenario } from "../scenario.ts";
import { density } from "./density.ts";
import { quick } from "./quick.ts";
import { steady } from "./steady.ts";

/** A scenario that comes with the program. */
export interface BuiltinScenario {
  readonly name: string;
  /** One sentence for `hollow scenarios`. */
  readonly summary: string;
  /** The scenario as it runs without any flag. */
  readonly create: () => Scenario;
}

export const builtinScenarios: readonly BuiltinScenario[] = [
  { name: "steady", summary: "Nodes only: heartbeats, and API probes for a duration", create: steady },
  {
    name: "density",
    summary: "Nodes, pods by Deployments, latency pods, API probes, deletion",
    create: density,
  },
  { name: "quick", summary: "Density in about a minute, on the embedded control plane", create: quick },
];
