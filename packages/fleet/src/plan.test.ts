import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fallbackPodCidr, loopbackAddress, maxAddresses } from "./node-address.ts";
import { defaultCapacity, type NodePool } from "./node-pool.ts";
import { assignSlots, nodeName, planShards, poolLabels, specOf } from "./plan.ts";

function pool(name: string, count: number, more: Partial<NodePool> = {}): NodePool {
  return { name, count, capacity: defaultCapacity, labels: {}, taints: [], ...more };
}

const pools = fc
  .array(fc.nat(40), { minLength: 1, maxLength: 4 })
  .map((counts) => counts.map((n, i) => pool(`p${i}`, n)));

describe("assignSlots", () => {
  it("numbers every node of every pool once", () => {
    fc.assert(
      fc.property(pools, (list) => {
        const slots = assignSlots(list);
        const total = list.reduce((sum, one) => sum + one.count, 0);
        expect(new Set(slots.map((slot) => slot.index)).size).toBe(total);
        expect(new Set(slots.map((slot) => `${slot.pool}/${slot.ordinal}`)).size).toBe(total);
      }),
    );
  });

  it("keeps the number of a node that stays, through any scaling", () => {
    fc.assert(
      fc.property(fc.array(pools, { minLength: 2, maxLength: 5 }), (steps) => {
        let slots = assignSlots(steps[0] ?? []);
        for (const list of steps.slice(1)) {
          const before = new Map(slots.map((slot) => [`${slot.pool}/${slot.ordinal}`, slot.index]));
          slots = assignSlots(list, slots);
          for (const slot of slots) {
            const was = before.get(`${slot.pool}/${slot.ordinal}`);
            if (was !== undefined) expect(slot.index).toBe(was);
          }
          expect(new Set(slots.map((slot) => slot.index)).size).toBe(slots.length);
        }
      }),
    );
  });
});

describe("planShards", () => {
  it("gives every node to one shard, sizes differing by one at most", () => {
    fc.assert(
      fc.property(pools, fc.integer({ min: 1, max: 8 }), (list, shards) => {
        const slots = assignSlots(list);
        const plans = planShards(slots, shards);
        expect(plans.flatMap((plan) => plan.members)).toHaveLength(slots.length);
        const sizes = plans.map((plan) => plan.members.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("addresses", () => {
  it("are all different, in 127.0.0.0/8, above the servers' and never .0 or .255", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: maxAddresses - 1 }), (index) => {
        const parts = loopbackAddress(index).split(".").map(Number);
        expect(parts[0]).toBe(127);
        expect(parts[1]).toBeGreaterThanOrEqual(64);
        expect(parts[3]).toBeGreaterThan(0);
        expect(parts[3]).toBeLessThan(255);
      }),
    );
    expect(new Set(Array.from({ length: 20_000 }, (_, index) => loopbackAddress(index))).size).toBe(20_000);
    expect(loopbackAddress(0)).toBe("127.64.0.1");
    expect(loopbackAddress(254)).toBe("127.64.1.1");
    expect(() => loopbackAddress(maxAddresses)).toThrow(RangeError);
  });

  it("give pods no loopback range", () => {
    expect(fallbackPodCidr(0)).toBe("10.0.0.0/24");
    expect(fallbackPodCidr(300)).toBe("10.1.44.0/24");
  });
});

describe("specOf", () => {
  const fleet = {
    runId: "abc",
    kubeletVersion: "v1.36.3",
    address: { kind: "loopback" },
    kubeletPort: 10250,
  } as const;

  it("carries the run, the pool, the zone and the instance type as labels", () => {
    const list = [pool("spot", 3, { zone: "z1", instanceType: "m5.large", labels: { team: "a" } })];
    const spec = specOf({ index: 7, pool: 0, ordinal: 2 }, list, fleet);
    expect(spec.name).toBe("spot-00002");
    expect(spec.address).toBe(loopbackAddress(7));
    expect(spec.labels).toEqual({
      team: "a",
      "topology.kubernetes.io/zone": "z1",
      "node.kubernetes.io/instance-type": "m5.large",
      "hollowfleet.dev/run": "abc",
      "hollowfleet.dev/pool": "spot",
    });
  });

  it("shares the labels between the nodes of a pool, and not between runs", () => {
    const one = pool("p", 2);
    expect(poolLabels(one, "a")).toBe(poolLabels(one, "a"));
    expect(poolLabels(one, "b")["hollowfleet.dev/run"]).toBe("b");
  });

  it("puts the prefix first", () => {
    expect(nodeName(pool("p", 1), 0, "run7-")).toBe("run7-p-00000");
  });
});
