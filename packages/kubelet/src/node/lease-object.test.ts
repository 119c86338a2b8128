import { kinds } from "@hollowfleet/wire";
import fc from "fast-check";
import { expect, it } from "vitest";
import { newLease, renewedLease } from "./lease-object.ts";

const nowMs = 1_700_000_000_123.456;

it("a new lease says just what a kubelet's says (kubelet-wire §2.1)", () => {
  expect(newLease({ name: "n1", uid: "u" }, nowMs)).toEqual({
    metadata: {
      name: "n1",
      namespace: "kube-node-lease",
      ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "n1", uid: "u" }],
    },
    spec: { holderIdentity: "n1", leaseDurationSeconds: 40, renewTime: { seconds: 1_700_000_000, nanos: 123_456_000 } },
  });
});

it("a renewal changes renewTime and keeps every other byte's meaning, unknown fields included", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), fc.nat(999), (ms, us) => {
      const lease = kinds.Lease.encode(newLease({ name: "n1", uid: "u" }, nowMs));
      // Field 99 of the Lease, which no proto of ours names.
      const raw = Uint8Array.of(...lease, 0x9a, 0x06, 0x03, 1, 2, 3);
      const renewed = renewedLease(raw, ms + us / 1000);
      const { seconds = 0, nanos = 0 } = kinds.Lease.decode(renewed).spec?.renewTime ?? {};
      expect(seconds * 1000 + nanos / 1e6).toBeCloseTo(ms + us / 1000, 2);
      expect(nanos % 1000).toBe(0);
      expect([...renewed.slice(-6)]).toEqual([0x9a, 0x06, 0x03, 1, 2, 3]);
      expect(kinds.Lease.decode(renewed).metadata).toEqual(kinds.Lease.decode(lease).metadata);
    }),
  );
});
