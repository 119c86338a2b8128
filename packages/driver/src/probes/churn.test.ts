import { describe, expect, it } from "vitest";
import { Churn } from "./churn.ts";

describe("Churn", () => {
  it("tells the busiest second of the load, and not of the cleaning up", () => {
    const churn = new Churn();
    expect(churn.busiestSecond()).toBe(0);
    churn.add(100);
    churn.add(999_999, 2);
    churn.add(1_000_000);
    churn.close();
    churn.add(1_000_001, 50);
    expect(churn.busiestSecond()).toBe(3);
  });
});
