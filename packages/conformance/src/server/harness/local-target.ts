import type { LocalControlPlane } from "@hollowfleet/controlplane";
import { startPlane } from "../../support/local-plane.ts";
import type { ServerTarget } from "./server-target.ts";

/**
 * The real API server with nobody beside it who changes objects: scheduler and controller manager are started, since the
 * control plane waits for them, and then stand still.
 */
export async function startLocalTarget(): Promise<ServerTarget> {
  const plane = await startPlane();
  if (plane.nodeAuthority === undefined) throw new Error("a local control plane has its CA");
  signalControllers(plane, "SIGSTOP");
  return {
    name: "local",
    server: plane.endpoint.server,
    caPem: plane.endpoint.caPem,
    clientAuthority: plane.nodeAuthority,
    async stop() {
      signalControllers(plane, "SIGCONT");
      await plane.stop();
    },
  };
}

function signalControllers(plane: LocalControlPlane, signal: "SIGSTOP" | "SIGCONT"): void {
  for (const { name, pid } of plane.processes()) {
    if (name === "kube-scheduler" || name === "kube-controller-manager") process.kill(pid, signal);
  }
}
