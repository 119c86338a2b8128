import { HollowError } from "@hollowfleet/core";

/** Thrown for a selector that cannot be read or means nothing; its message is the one that the real server answers with. */
export class SelectorError extends HollowError<"invalid-selector"> {
  constructor(message: string) {
    super("invalid-selector", message);
  }
}
