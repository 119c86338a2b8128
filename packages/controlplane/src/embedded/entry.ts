import { readlinkSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { createFaultInjector, type FaultInjector, offsetClock, startEmbeddedApiServer } from "@hollowfleet/apiserver";
import { startControllers } from "@hollowfleet/controllers";
import { lineLogger, seededRandom, systemClock, unreachable } from "@hollowfleet/core";
import type { ThreadInput, ThreadStart } from "./thread-input.ts";
import type { ThreadOutput } from "./thread-output.ts";

const controllerUser = { name: "system:kube-controller-manager", groups: ["system:masters", "system:authenticated"] };

function send(message: ThreadOutput): void {
  parentPort?.postMessage(message);
}

/** This thread's number in the system; 0 where there is no /proc. */
function systemThreadId(): number {
  try {
    return Number(readlinkSync("/proc/thread-self").split("/").at(-1));
  } catch {
    return 0;
  }
}

async function run(start: ThreadStart): Promise<void> {
  const logger = lineLogger("warn", (line) => send({ type: "log", line }));
  const random = seededRandom(start.seed);
  let faults: FaultInjector | undefined;
  const server = await startEmbeddedApiServer({
    tls: start.serving,
    clientCaPem: start.caPem,
    serviceAccountKeyPem: start.serviceAccountKeyPem,
    staticTokens: start.staticTokens,
    adminUsers: start.adminUsers,
    serviceClusterIpRange: start.serviceCidr,
    clock: offsetClock(start.faults, systemClock),
    faults: { decide: (target) => faults?.decide(target) ?? { kind: "none" } },
    random: random.fork("apiserver"),
    logger,
  });
  const controllers = startControllers({
    store: server.inProcess(controllerUser),
    clock: systemClock,
    random: random.fork("controllers"),
    logger,
    clusterCidr: start.clusterCidr,
    rootCaPem: start.caPem,
  });
  parentPort?.on("message", (message: ThreadInput) => {
    switch (message.type) {
      case "begin-faults":
        faults = createFaultInjector(start.faults, start.seed, systemClock);
        return;
      case "ledger":
        return send({ type: "ledger", ledger: faults?.ledger() ?? { calls: 0, entries: [] } });
      case "stop":
        controllers.stop();
        void server.close().then(() => send({ type: "stopped" }));
        return;
      default:
        return unreachable(message);
    }
  });
  send({ type: "listening", port: server.port, threadId: systemThreadId() });
}

await run(workerData as ThreadStart);
