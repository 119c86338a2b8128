import type { VerdictStatus } from "@hollowfleet/metrics";
import type { Style } from "./paint.ts";

/** A status as a report writes it; what asks for attention is in capitals, since there may be no colour. */
export function statusWord(status: VerdictStatus): string {
  switch (status) {
    case "passed":
      return "passed";
    case "failed":
      return "FAILED";
    case "no-data":
      return "no data";
    case "not-judgeable":
      return "UNCLEAR";
  }
}

export function statusStyle(status: VerdictStatus): Style {
  switch (status) {
    case "passed":
      return "good";
    case "failed":
      return "bad";
    case "no-data":
      return "faint";
    case "not-judgeable":
      return "warn";
  }
}
