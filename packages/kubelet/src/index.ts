export {
  createEventRecorder,
  type EventRecorder,
  type EventRecorderOptions,
  noEvents,
  type SendingEventRecorder,
} from "./events/event-recorder.ts";
export type { EventTarget, EventType } from "./events/event-target.ts";
export { createHollowKubelet, type HollowKubelet, type HollowKubeletOptions } from "./hollow-kubelet.ts";
export { KubeletError, type KubeletErrorCode } from "./kubelet-error.ts";
export type { Condition } from "./node/conditions.ts";
export { mayNodeSetLabel, type SplitLabels, splitLabels } from "./node/labels.ts";
export { renewedLease } from "./node/lease-object.ts";
export type { NodeSpec, NodeSpecImage, NodeSpecInfo, NodeSpecTaint } from "./node-spec.ts";
export { type NodeTemplate, parseNodeTemplate } from "./node-template.ts";
export type { KubeletObserver, LeaseRecord, NodeState, PodPhase, PodStarted } from "./observer.ts";
export { type AnnotationDoc, podAnnotations } from "./pods/annotations.ts";
export { createPodManager, type PodManager, type PodManagerOptions } from "./pods/pod-manager.ts";
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
