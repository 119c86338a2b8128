import type { MessagePort } from "node:worker_threads";
import { systemClock, unreachable } from "@hollowfleet/core";
import { statsIntervalMs } from "../in-process-fleet.ts";
import { Shard } from "../shard.ts";
import type { ThreadInput, ThreadStart } from "./input.ts";
import type { ThreadOutput } from "./output.ts";

/** A thread's task: it runs its shard until it is told to stop. Piscina calls it by name. */
export function runShard({ start, port }: { start: ThreadStart; port: MessagePort }): Promise<void> {
  const shard = new Shard(start.fleet, start.plan, systemClock);
  const send = (message: ThreadOutput): void => port.postMessage(message);
  return new Promise((resolve) => {
    // Not a Clock timer: this one keeps the thread alive.
    const reporter = setInterval(() => {
      send({ type: "stats", stats: shard.stats(), news: shard.takeNews() });
    }, statsIntervalMs);
    const stop = (): void => {
      clearInterval(reporter);
      const summary = shard.stop();
      send({ type: "stats", stats: summary.stats, news: shard.takeNews() });
      send({ type: "stopped", summary });
      port.close();
      resolve();
    };
    port.on("message", (message: ThreadInput) => {
      switch (message.type) {
        case "scale":
          shard.scale(message.pools, message.plan, message.startUs);
          return send({ type: "scaled" });
        case "snapshot":
          return send({ type: "snapshot", requestId: message.requestId, snapshot: shard.snapshot() });
        case "stop":
          return stop();
        default:
          return unreachable(message);
      }
    });
    shard.start(start.startUs);
    send({ type: "started" });
  });
}
