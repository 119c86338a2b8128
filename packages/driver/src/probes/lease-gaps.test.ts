import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LeaseGaps, meanRenewalUs } from "./lease-gaps.ts";

const s = 1_000_000;

describe("LeaseGaps", () => {
  it("counts renewals and the gaps between them by arrival", () => {
    const gaps: number[] = [];
    const leases = new LeaseGaps((gapUs) => gaps.push(gapUs));
    leases.observe("n1", "a", 0);
    leases.observe("n1", "b", 10 * s);
    leases.observe("n1", "c", 20.5 * s);
    expect(gaps).toEqual([10 * s, 10.5 * s]);
    expect(leases.figures(22 * s)).toEqual({ seen: 2, due: 2, late: 0, lateOurs: 0, maxGapUs: 10.5 * s, silent: 0 });
  });

  it("takes an event without a new renewTime for what it is: no renewal", () => {
    const leases = new LeaseGaps();
    leases.observe("n1", "a", 0);
    leases.observe("n1", "a", 12 * s);
    expect(leases.figures(12 * s).seen).toBe(0);
  });

  it("calls a gap above 15 s late, and one that is still open, too", () => {
    const leases = new LeaseGaps();
    leases.observe("n1", "a", 0);
    leases.observe("n1", "b", 15.001 * s);
    leases.observe("n2", "a", 0);
    const figures = leases.figures(16 * s);
    expect(figures.late).toBe(2);
    expect(figures.silent).toBe(1);
    expect(figures.maxGapUs).toBe(16 * s);
  });

  it("lays a late renewal at our door only if the fleet was late with it, whoever tells first", () => {
    const leases = new LeaseGaps();
    for (const node of ["ours", "server", "before"]) leases.observe(node, "a", 0);
    leases.ours("before", -1 * s);
    leases.ours("ours", 16.1 * s);
    for (const node of ["ours", "server", "before"]) leases.observe(node, "b", 16 * s);
    expect(leases.figures(17 * s)).toMatchObject({ late: 3, lateOurs: 1 });
  });

  it("asks for no renewal of a lease that is gone", () => {
    const leases = new LeaseGaps();
    leases.observe("n1", "a", 0);
    leases.remove("n1", 0);
    expect(leases.figures(100 * s)).toMatchObject({ due: 0, late: 0, silent: 0 });
  });

  it("counts the server's time to answer as part of the period", () => {
    const leases = new LeaseGaps();
    leases.observe("n1", "a", 0);
    leases.observe("n1", "b", 12 * s);
    expect(leases.figures(23 * s, 1.8 * s)).toMatchObject({ seen: 1, due: 1 });
    expect(leases.figures(23 * s)).toMatchObject({ seen: 1, due: 2 });
  });

  it("sees about what is due when every renewal comes in time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 60 }), (nodes, renewals) => {
        const leases = new LeaseGaps();
        for (let node = 0; node < nodes; node++) {
          for (let i = 0; i <= renewals; i++) leases.observe(`n${node}`, `${i}`, i * meanRenewalUs);
        }
        const { seen, due, late } = leases.figures(renewals * meanRenewalUs + s);
        expect(seen).toBe(nodes * renewals);
        expect(due).toBe(seen);
        expect(late).toBe(0);
      }),
    );
  });
});
