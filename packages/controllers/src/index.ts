export {
  type ClusterStore,
  type DeleteChoice,
  type ResourceName,
  refusalOf,
  type StoreChange,
  type StoredObject,
  type StoredResource,
  type StoreRefusal,
} from "./cluster-store.ts";
export {
  type ControllerOptions,
  type ControllerSet,
  type ControllerStats,
  startControllers,
} from "./controller-set.ts";
export type { EventStats } from "./events/event-recorder.ts";
export type { LoopStats } from "./runtime/loop.ts";
export { type ControllerSettings, defaultSettings } from "./settings.ts";
