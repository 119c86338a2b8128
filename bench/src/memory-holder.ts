import { setTimeout as sleep } from "node:timers/promises";
import { errorText } from "@hollowfleet/core";
import type { HolderAnswer, HolderRequest } from "./memory/holder-protocol.ts";
import { createHollowNodes } from "./memory/hollow-nodes.ts";
import type { HolderPlan, Part } from "./memory/part.ts";
import { createSessions } from "./memory/sessions.ts";
import { createTlsConnections } from "./memory/tls-connections.ts";

/** The process whose memory is measured: it does as it is told by memory-per-node, and holds. Needs --expose-gc. */
let part: Part | undefined;

function createPart(plan: HolderPlan): Part {
  switch (plan.part) {
    case "tls":
      return createTlsConnections(plan);
    case "session":
    case "watch":
      return createSessions(plan);
    case "kubelet":
      return createHollowNodes(plan);
  }
}

async function handle(request: HolderRequest): Promise<void> {
  switch (request.type) {
    case "begin":
      part = createPart(request.plan);
      return;
    case "grow":
      return part?.grow(request.count);
    case "collect":
      return collect();
    case "end":
      await part?.close();
      return;
  }
}

/** Twice, since what finalizers let go is freed by the second round only. */
async function collect(): Promise<void> {
  const gc = (globalThis as { gc?: () => void }).gc;
  if (gc === undefined) throw new Error("start me with --expose-gc");
  gc();
  await sleep(50);
  gc();
}

process.on("message", (request: HolderRequest) => {
  const answer = (message: HolderAnswer): void => void process.send?.(message);
  handle(request).then(
    () => {
      const { heapUsed: heapUsedBytes, arrayBuffers: arrayBufferBytes } = process.memoryUsage();
      answer({ type: "done", held: part?.held() ?? 0, heapUsedBytes, arrayBufferBytes });
      if (request.type === "end") process.disconnect();
    },
    (error: unknown) => answer({ type: "failed", message: errorText(error) }),
  );
});
