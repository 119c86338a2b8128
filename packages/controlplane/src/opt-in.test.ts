import { describe, expect, it } from "vitest";
import { ControlPlaneError } from "./control-plane-error.ts";
import { checkOptIn } from "./opt-in.ts";

describe("checkOptIn", () => {
  it.each([
    ["nothing was said", undefined, false],
    ["only the context was named", "kind-dev", false],
    ["the current context was taken", undefined, true],
    ["another context was named", "production", true],
  ])("refuses when %s", (_, namedContext, allowed) => {
    const check = () => checkOptIn("kind-dev", { namedContext, allowed });
    expect(check).toThrow(ControlPlaneError);
    expect(check).toThrow(/"kind-dev" was not started here/);
  });

  it("agrees when this context was named and allowed", () => {
    expect(() => checkOptIn("kind-dev", { namedContext: "kind-dev", allowed: true })).not.toThrow();
  });
});
