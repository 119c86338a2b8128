import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { FaultLedger } from "@hollowfleet/apiserver";
import { createAuthority, generateKeyPair } from "@hollowfleet/pki";
import { driverUser } from "../bootstrap-rbac.ts";
import { clientCredentials, serverCertificate } from "../certificates.ts";
import type { ControlPlane, Endpoint } from "../control-plane.ts";
import { ControlPlaneError } from "../control-plane-error.ts";
import { createJsonApi } from "../json-api.ts";
import { kubeconfig } from "../kubeconfig.ts";
import { network } from "../network.ts";
import { waitForDefaultNamespace, waitUntil } from "../readiness.ts";
import { createRunFolder, runFolderError } from "../run-folder.ts";
import { parseServerVersion, type ServerVersion } from "../server-version.ts";
import { startWatchdog } from "../watchdog-process.ts";
import type { EmbeddedOptions } from "./embedded-options.ts";
import { EmbeddedThread } from "./embedded-thread.ts";

/** The API server and the controllers of our own, in a thread of this process. Not a real control plane. */
export interface EmbeddedControlPlane extends ControlPlane {
  readonly target: "embedded";
  /** What the fault plan did so far; undefined when the server has ended. */
  faultLedger(): Promise<FaultLedger | undefined>;
}

type Admin = ReturnType<typeof clientCredentials>;

/**
 * Starts the embedded API server with its controllers, and resolves when a pod could be created.
 * Rejects with ControlPlaneError, after having stopped what it had started.
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedControlPlane> {
  options.onProgress?.("the embedded API server");
  const folder = createRunFolder(options.runDir);
  // It has no process to end; it removes the keys in the kubeconfig after kill -9.
  const watchdog = startWatchdog(randomUUID(), folder.dir, join(folder.logsDir, "watchdog.log"));
  const authority = createAuthority({ commonName: "kubernetes" });
  const thread = new EmbeddedThread({
    caPem: authority.certPem,
    serving: serverCertificate(authority),
    serviceAccountKeyPem: generateKeyPair().keyPem,
    staticTokens: options.staticTokens ?? [],
    adminUsers: [driverUser],
    clusterCidr: network.clusterCidr,
    serviceCidr: network.serviceCidr,
    seed: options.seed ?? 1,
    faults: options.faults ?? { rules: [] },
  });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= (async () => {
      await thread.stop();
      await watchdog.dismiss();
      folder.remove(true);
    })();
    return stopped;
  };
  try {
    const { port, threadId } = await thread.listening();
    const endpoint = { server: `https://127.0.0.1:${port}`, caPem: authority.certPem };
    const admin = clientCredentials(authority, "hollow-admin", ["system:masters"]);
    const version = await becomeReady(endpoint, admin, options);
    thread.beginFaults();
    return {
      target: "embedded",
      endpoint,
      version,
      admin,
      driver: clientCredentials(authority, driverUser),
      nodeAuthority: { certPem: authority.certPem, keyPem: authority.keyPem },
      settings: {
        "control plane": "embedded in the simulator's process, state in memory",
        controllers: "Hollowfleet's own",
        "kubernetes version": version.gitVersion,
      },
      kubeconfigPath: writeKubeconfig(folder, endpoint, admin),
      processes: () => [{ name: "embedded", pid: process.pid, threadId }],
      logTail: () => thread.logTail(),
      onDeath: (listener) => thread.onDeath(listener),
      faultLedger: () => thread.ledger(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function writeKubeconfig(folder: ReturnType<typeof createRunFolder>, endpoint: Endpoint, admin: Admin): string {
  try {
    return folder.write("kubeconfig", kubeconfig(endpoint, "hollow-admin", admin));
  } catch (cause) {
    throw runFolderError(folder.dir, cause);
  }
}

async function becomeReady(endpoint: Endpoint, admin: Admin, options: EmbeddedOptions): Promise<ServerVersion> {
  const timeoutMs = options.startTimeoutMs ?? 30_000;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  const api = createJsonApi({ ...endpoint, ...admin, signal });
  try {
    await waitUntil(async () => (await api.send("GET", "/readyz")).status === 200, signal);
    const version = parseServerVersion((await api.send("GET", "/version")).body);
    await waitForDefaultNamespace(api, signal);
    return version;
  } catch (cause) {
    if (options.signal?.aborted === true)
      throw new ControlPlaneError("aborted", "the start was interrupted", { cause });
    if (!timeout.aborted) throw cause;
    throw new ControlPlaneError("not-ready", `the embedded API server is not ready after ${timeoutMs / 1000} s`, {
      cause,
    });
  } finally {
    api.close();
  }
}
