import { AssetsError } from "@hollowfleet/assets";
import { ClientError, KubeconfigError } from "@hollowfleet/client";
import { ControlPlaneError } from "@hollowfleet/controlplane";
import { HollowError } from "@hollowfleet/core";
import { DriverError } from "@hollowfleet/driver";
import { exitCodeOf, type Outcome } from "@hollowfleet/metrics";
import { CliError } from "./cli-error.ts";

/** The outcome that an error thrown by a command stands for. What nobody foresaw is a bug. */
function outcomeOfError(thrown: unknown): Outcome {
  if (thrown instanceof CliError) return thrown.code === "usage" ? "bad-configuration" : "error";
  if (thrown instanceof DriverError) return driverOutcome(thrown);
  if (thrown instanceof AssetsError) return thrown.code === "aborted" ? "interrupted" : "bad-configuration";
  if (thrown instanceof KubeconfigError) return "bad-configuration";
  if (thrown instanceof ControlPlaneError) return controlPlaneOutcome(thrown);
  if (thrown instanceof ClientError) return thrown.code === "config" ? "bad-configuration" : "unreachable";
  return "error";
}

function driverOutcome(error: DriverError): Outcome {
  switch (error.code) {
    case "config":
      return "bad-configuration";
    case "interrupted":
      return "interrupted";
    case "timeout":
      return "failed";
    case "fleet-died":
      return "invalid";
    case "unreachable":
    case "component-died":
      return "unreachable";
  }
}

function controlPlaneOutcome(error: ControlPlaneError): Outcome {
  switch (error.code) {
    case "unsupported-host":
    case "unsupported-version":
    case "not-opted-in":
    case "run-folder":
      return "bad-configuration";
    case "aborted":
      return "interrupted";
    case "component-died":
    case "not-ready":
    case "request-failed":
      return "unreachable";
  }
}

/** What the reader of a terminal is told of an error, and the exit code that goes with it. */
export function explain(thrown: unknown): { readonly text: string; readonly exitCode: number } {
  const outcome = outcomeOfError(thrown);
  const exitCode = exitCodeOf(outcome);
  if (thrown instanceof HollowError && outcome !== "error") {
    const remedy = thrown.remedy === undefined ? "" : `\n${thrown.remedy}`;
    return { text: `hollow: ${thrown.message}${remedy}`, exitCode };
  }
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { text: `hollow: internal error, please report it with these lines:\n${stack}`, exitCode };
}
