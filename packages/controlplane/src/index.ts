export {
  type FaultLedger,
  type FaultPlan,
  type FaultRule,
  formatFaultFlag,
  parseFaultFlag,
  validateFaultPlan,
} from "@hollowfleet/apiserver";
export { auditPolicy } from "./audit-policy.ts";
export { type ComponentName, componentNames, type Flags } from "./components/component.ts";
export type {
  ComponentDeath,
  ControlPlane,
  ControlPlaneProcess,
  Credentials,
  Endpoint,
  PlanePart,
} from "./control-plane.ts";
export { ControlPlaneError, type ControlPlaneErrorCode } from "./control-plane-error.ts";
export { type EmbeddedControlPlane, startEmbedded } from "./embedded/embedded.ts";
export type { EmbeddedOptions } from "./embedded/embedded-options.ts";
export { type LocalControlPlane, startLocal } from "./local.ts";
export type { LocalOptions, StaticToken } from "./local-options.ts";
export { checkOptIn, type OptIn } from "./opt-in.ts";
export { checkServerVersion, parseServerVersion, type ServerVersion, supportedMinors } from "./server-version.ts";
