import { describe, expect, it } from "vitest";
import {
  duplicate,
  forbidden,
  invalid,
  invalidHidden,
  notSupported,
  required,
  tooLong,
  tooMany,
} from "./field-error.ts";

describe("faults of fields", () => {
  it("have the words of the real server", () => {
    expect(required("a")).toEqual({ reason: "FieldValueRequired", field: "a", message: "Required value" });
    expect(required("a", "why").message).toBe("Required value: why");
    expect(invalid("a", "x", "why").message).toBe('Invalid value: "x": why');
    expect(invalid("a", 5, "why").message).toBe("Invalid value: 5: why");
    expect(invalid("a", undefined, "why").message).toBe("Invalid value: null: why");
    expect(invalid("a", { b: ["c"] }, "").message).toBe('Invalid value: {"b":["c"]}');
    expect(invalidHidden("a", "why").message).toBe("Invalid value: why");
    expect(notSupported("a", "x", ["b", "c"]).message).toBe('Unsupported value: "x": supported values: "b", "c"');
    expect(duplicate("a", "x").message).toBe('Duplicate value: "x"');
    expect(forbidden("a", "why").message).toBe("Forbidden: why");
    expect(tooLong("a", 1).message).toBe("Too long: may not be more than 1 byte");
    expect(tooMany("a", 3, 2).message).toBe("Too many: 3: must have at most 2 items");
  });
});
