import type { StatusCause } from "../api-error.ts";
import { forbidden, notSupported } from "../strategies/validation/field-error.ts";
import type { ListOptions } from "./api.ts";
import { invalidOptions } from "./delete-preconditions.ts";

// Checks and words of apimachinery/pkg/apis/meta/internalversion/validation/validation.go.

const field = "resourceVersionMatch";

/** @throws ApiError Invalid */
export function checkListOptions(options: ListOptions): void {
  const { resourceVersion = "", resourceVersionMatch: match = "", continue: token = "" } = options;
  const causes: StatusCause[] = [];
  if (match !== "") {
    if (resourceVersion === "")
      causes.push(forbidden(field, `${field} is forbidden unless resourceVersion is provided`));
    if (token !== "") causes.push(forbidden(field, `${field} is forbidden when continue is provided`));
    if (match !== "Exact" && match !== "NotOlderThan") {
      causes.push(notSupported(field, match, ["Exact", "NotOlderThan", ""]));
    }
    if (match === "Exact" && resourceVersion === "0") {
      causes.push(forbidden(field, `${field} "exact" is forbidden for resourceVersion "0"`));
    }
  }
  if (options.sendInitialEvents !== undefined) {
    causes.push(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  }
  if (causes.length > 0) throw invalidOptions("ListOptions", causes);
}

/** @throws ApiError Invalid */
export function checkWatchOptions(options: ListOptions): void {
  const { sendInitialEvents, resourceVersionMatch: match = "", continue: token = "" } = options;
  const causes: StatusCause[] = [];
  if (sendInitialEvents !== undefined && match !== "NotOlderThan") {
    causes.push(forbidden(field, `sendInitialEvents requires setting ${field} to NotOlderThan`));
  }
  if (match !== "") {
    if (sendInitialEvents === undefined) {
      causes.push(forbidden(field, `${field} is forbidden for watch unless sendInitialEvents is provided`));
    }
    if (match !== "NotOlderThan") causes.push(notSupported(field, match, ["NotOlderThan"]));
    if (token !== "") causes.push(forbidden(field, `${field} is forbidden when continue is provided`));
  }
  if (causes.length > 0) throw invalidOptions("ListOptions", causes);
}
