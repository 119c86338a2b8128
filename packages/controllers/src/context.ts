import type { Clock, Logger, Random } from "@hollowfleet/core";
import type { ClusterStore } from "./cluster-store.ts";
import type { Recorder } from "./events/event-recorder.ts";
import type { Informers } from "./runtime/informers.ts";
import { createLoop, type Loop } from "./runtime/loop.ts";
import type { ControllerSettings } from "./settings.ts";

/** What every control loop works with. */
export interface ControllerContext {
  readonly store: ClusterStore;
  readonly informers: Informers;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly settings: ControllerSettings;
  /** There is something to do. */
  readonly wake: () => void;
  /** Events in the name of a component, e.g. "default-scheduler". */
  recorder(component: string): Recorder;
}

/** A loop with the report's addition to its name: whoever reads it must not take it for the real component. */
export function ownLoop(
  context: ControllerContext,
  name: string,
  sync: (key: string) => number | undefined,
  priorityOf?: (key: string) => number,
): Loop {
  const { clock, logger, wake } = context;
  const options = { name: `${name} (Hollowfleet's own)`, clock, logger, wake, sync };
  return createLoop(priorityOf === undefined ? options : { ...options, priorityOf });
}
