import { describe, expect, it } from "vitest";
import { errorText, HollowError } from "./errors.ts";
import { lineLogger } from "./log.ts";

class ThingError extends HollowError<"broken"> {}

describe("HollowError", () => {
  it("keeps its code, its cause and its remedy, and is named after its class", () => {
    const cause = new Error("below");
    const error = new ThingError("broken", "above", { cause, remedy: "mend it" });
    expect(error).toMatchObject({ name: "ThingError", code: "broken", remedy: "mend it", cause });
    expect(errorText(error)).toBe("above: below");
    expect(errorText("a text")).toBe("a text");
  });
});

describe("lineLogger", () => {
  it("writes what is at or above its level, facts as key=value", () => {
    const lines: string[] = [];
    const logger = lineLogger("warn", (line) => lines.push(line));
    logger.debug("no");
    logger.info("no");
    logger.warn("slow", { ms: 12, unset: undefined });
    logger.error("gone");
    expect(lines).toEqual(["warn: slow ms=12", "error: gone"]);
  });
});
