import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DueHeap, type HeapItem } from "./due-heap.ts";

describe("DueHeap", () => {
  it("gives everything back in order, whatever was taken away in between", () => {
    const command = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 50 }));
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const heap = new DueHeap<HeapItem>();
        const held: HeapItem[] = [];
        for (const [takes, number] of commands) {
          if (takes && held.length > 0) heap.remove(held.splice(number % held.length, 1)[0]!);
          else {
            const item = { dueMs: number, heapAt: -1 };
            held.push(item);
            heap.push(item);
          }
        }
        expect(heap.size).toBe(held.length);
        const order: number[] = [];
        for (let item = heap.pop(); item !== undefined; item = heap.pop()) order.push(item.dueMs);
        expect(order).toEqual(held.map(({ dueMs }) => dueMs).sort((a, b) => a - b));
      }),
    );
  });
});
