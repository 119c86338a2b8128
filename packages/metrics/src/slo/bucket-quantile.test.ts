import { describe, expect, it } from "vitest";
import { bucketQuantile } from "./bucket-quantile.ts";

describe("bucketQuantile", () => {
  const bounds = [0.05, 0.1, 1];

  it("interpolates inside the bucket and tells the bucket's bound", () => {
    expect(bucketQuantile(0.5, bounds, [0, 100, 100], 100)).toEqual({ us: 75_000, boundUs: 100_000 });
  });

  it("interpolates from zero in the first bucket, as Prometheus does", () => {
    expect(bucketQuantile(0.99, bounds, [200, 200, 200], 200)).toEqual({ us: 49_500, boundUs: 50_000 });
  });

  it("knows no more than the last bound above it", () => {
    expect(bucketQuantile(0.99, bounds, [10, 10, 10], 20)).toEqual({ us: 1_000_000, boundUs: null });
  });

  it("is undefined without samples", () => {
    expect(bucketQuantile(0.99, bounds, [0, 0, 0], 0)).toBeUndefined();
  });
});
