import { HollowError } from "@hollowfleet/core";

/** What can go wrong with a control plane. */
export type ControlPlaneErrorCode =
  /** A component ended although nobody asked it to. */
  | "component-died"
  /** A component runs but did not become ready in time. */
  | "not-ready"
  /** The caller's signal aborted the start. */
  | "aborted"
  /** A folder or file of the run cannot be written. */
  | "run-folder"
  /** This machine cannot run control planes: not Linux, or no free port. */
  | "unsupported-host"
  /** The server is older or newer than what is supported. */
  | "unsupported-version"
  /** A cluster that was not started here, and nobody agreed to touch it. */
  | "not-opted-in"
  /** The server refused or failed a request during set-up. */
  | "request-failed";

/** Thrown by this package. */
export class ControlPlaneError extends HollowError<ControlPlaneErrorCode> {}
