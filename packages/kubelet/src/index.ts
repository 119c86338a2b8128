export { type EventRecorder, type EventTarget, type EventType, noEvents } from "./events/event-recorder.ts";
export type { NodeSpec, NodeSpecImage, NodeSpecInfo, NodeSpecTaint } from "./node-spec.ts";
export type { KubeletObserver, LeaseRecord, NodeState, PodPhase, PodStarted } from "./observer.ts";
export {
  measuredDelays,
  type NodeWatchName,
  noDelays,
  nodeWatchNames,
  type Profile,
  type ProfileName,
  profileNames,
  profileOf,
  type StartDelays,
} from "./profile.ts";
