import { ManualClock } from "@hollowfleet/core";
import { describe, expect, it } from "vitest";
import { InFlight, inFlightKind } from "./in-flight.ts";

describe("InFlight", () => {
  it("refuses above its limits, which do not share", () => {
    const inFlight = new InFlight({ maxReadOnly: 2, maxMutating: 1 }, new ManualClock());
    const first = inFlight.enter("readOnly", false);
    expect(inFlight.enter("readOnly", false)).toBeDefined();
    expect(inFlight.enter("readOnly", false)).toBeUndefined();
    expect(inFlight.enter("mutating", false)).toBeDefined();
    expect(inFlight.enter("mutating", false)).toBeUndefined();
    first?.();
    first?.();
    expect(inFlight.enter("readOnly", false)).toBeDefined();
    expect(inFlight.enter("readOnly", false)).toBeUndefined();
  });

  it("never refuses the privileged", () => {
    const inFlight = new InFlight({ maxMutating: 0 }, new ManualClock());
    expect(inFlight.enter("mutating", false)).toBeUndefined();
    expect(inFlight.enter("mutating", true)).toBeDefined();
  });

  it("tells the most at once of the last second", () => {
    const clock = new ManualClock();
    const inFlight = new InFlight({}, clock);
    const leaves = [1, 2, 3].map(() => inFlight.enter("mutating", false));
    for (const leave of leaves) leave?.();
    expect(inFlight.watermarks()).toEqual({ mutating: 3, readOnly: 0 });
    clock.advance(1500);
    expect(inFlight.watermarks().mutating).toBe(3);
    clock.advance(1500);
    expect(inFlight.watermarks().mutating).toBe(0);
  });

  it.each([
    ["get", "readOnly"],
    ["list", "readOnly"],
    ["create", "mutating"],
    ["deletecollection", "mutating"],
    ["", "mutating"],
  ])("counts %j as %s", (verb, kind) => {
    expect(inFlightKind(verb)).toBe(kind);
  });
});
