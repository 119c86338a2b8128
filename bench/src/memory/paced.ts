import { setTimeout as sleep } from "node:timers/promises";

/** Begins numbers `from` up to `to` at a rate per second, and resolves when all of them are done. */
export async function growPaced(
  from: number,
  to: number,
  ratePerS: number,
  begin: (index: number) => Promise<void>,
): Promise<void> {
  const startMs = performance.now();
  const begun: Promise<void>[] = [];
  for (let index = from; index < to; index++) {
    const waitMs = startMs + ((index - from) * 1000) / ratePerS - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    const one = begin(index);
    // Awaited together below; until then a failure must not count as unhandled.
    one.catch(() => undefined);
    begun.push(one);
  }
  await Promise.all(begun);
}
