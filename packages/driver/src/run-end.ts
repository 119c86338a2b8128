import { ClientError } from "@hollowfleet/client";
import { errorText } from "@hollowfleet/core";
import type { Outcome } from "@hollowfleet/metrics";
import { DriverError } from "./driver-error.ts";

/** How the phases of a run ended. */
export type RunEnd =
  | { readonly kind: "done" }
  /** The user asked to stop. */
  | { readonly kind: "interrupted" }
  /** It could not go on; the outcome follows from the cause. */
  | { readonly kind: "broken"; readonly outcome: Outcome; readonly message: string };

/** Reads what a phase threw. An abort carries its cause as the signal's reason, which tells more than what it broke. */
export function endingOf(thrown: unknown, signal: AbortSignal): RunEnd {
  const cause: unknown = signal.aborted ? signal.reason : thrown;
  const message = errorText(cause);
  if (cause instanceof DriverError) {
    switch (cause.code) {
      case "interrupted":
        return { kind: "interrupted" };
      case "timeout":
        return { kind: "broken", outcome: "failed", message };
      case "component-died":
      case "unreachable":
        return { kind: "broken", outcome: "unreachable", message };
      case "fleet-died":
        return { kind: "broken", outcome: "invalid", message };
      case "config":
        return { kind: "broken", outcome: "bad-configuration", message };
    }
  }
  if (cause instanceof ClientError) return { kind: "broken", outcome: clientOutcome(cause), message };
  return { kind: "broken", outcome: "error", message };
}

/** A server that does not answer is not reachable; one that says no to our setting up is a failure of the run. */
function clientOutcome(error: ClientError): Outcome {
  return error.status === undefined ? "unreachable" : "failed";
}
