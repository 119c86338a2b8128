import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { bootstrapRbac, driverUser } from "./bootstrap-rbac.ts";
import { type Certificates, clientCredentials, createCertificates } from "./certificates.ts";
import type { ComponentDeath, ControlPlane, Endpoint } from "./control-plane.ts";
import { ControlPlaneError } from "./control-plane-error.ts";
import { createJsonApi } from "./json-api.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { type LaunchPlan, type Ports, planLaunch } from "./launch-plan.ts";
import type { LocalOptions } from "./local-options.ts";
import { freePorts } from "./ports.ts";
import { waitForDefaultNamespace, waitForOk, waitUntil } from "./readiness.ts";
import { createRunFolder, filesystemOf, type RunFolder, runFolderError } from "./run-folder.ts";
import { checkServerVersion, parseServerVersion, type ServerVersion } from "./server-version.ts";
import { createSupervisor, type Supervisor } from "./supervisor.ts";
import { startWatchdog } from "./watchdog-process.ts";

/** A control plane that runs on this machine's loopback. */
export interface LocalControlPlane extends ControlPlane {
  readonly target: "local";
  /** The run's folder; logs are in `logs/` below it. */
  readonly dir: string;
  /** Undefined without `audit`. */
  readonly auditLogPath: string | undefined;
}

const portTries = 3;

/**
 * Starts etcd, kube-apiserver, kube-scheduler and kube-controller-manager and resolves when a pod could be created.
 * Call it on the main thread. Rejects with ControlPlaneError, after having stopped what it had started.
 */
export async function startLocal(options: LocalOptions): Promise<LocalControlPlane> {
  if (process.platform !== "linux") {
    throw new ControlPlaneError("unsupported-host", "the components run on Linux only", {
      remedy: "use a Linux machine, or a cluster of your own with --kubeconfig",
    });
  }
  for (let tries = 1; ; tries++) {
    try {
      return await startOnce(options);
    } catch (error) {
      // Another process took a port between our look and the component's bind.
      if (tries === portTries || !(error instanceof Error && /address already in use/.test(error.message))) throw error;
    }
  }
}

async function startOnce(options: LocalOptions): Promise<LocalControlPlane> {
  const [etcd = 0, etcdPeer = 0, apiserver = 0, scheduler = 0, controllerManager = 0] = await freePorts(5);
  const ports: Ports = { etcd, etcdPeer, apiserver, scheduler, controllerManager };
  const prepared = prepare(options, ports);
  const { folder } = prepared;
  const runId = randomUUID();
  const supervisor = createSupervisor(folder.logsDir, runId);
  const watchdog = startWatchdog(runId, folder.dir, join(folder.logsDir, "watchdog.log"));
  let stopped: Promise<void> | undefined;
  const stop = (keepLogs: boolean): Promise<void> => {
    stopped ??= (async () => {
      await supervisor.stop();
      await watchdog.dismiss();
      folder.remove(!keepLogs);
    })();
    return stopped;
  };
  const start: Start = { ...prepared, supervisor };
  try {
    const ready = await bringUp(start);
    return assemble(start, ready, () => stop(options.keepLogs === true || supervisor.anyDied()));
  } catch (error) {
    await stop(true);
    throw error;
  }
}

/** Everything that is decided before the first component runs. */
interface Prepared {
  readonly options: LocalOptions;
  readonly folder: RunFolder;
  readonly certificates: Certificates;
  readonly ports: Ports;
  readonly endpoint: Endpoint;
  readonly plan: LaunchPlan;
}

interface Start extends Prepared {
  readonly supervisor: Supervisor;
}

/** Writes all files of the run; a folder that cannot hold them is removed again. */
function prepare(options: LocalOptions, ports: Ports): Prepared {
  const folder = createRunFolder(options.runDir);
  try {
    const certificates = createCertificates(folder.pkiDir);
    const endpoint = { server: `https://127.0.0.1:${ports.apiserver}`, caPem: certificates.clusterAuthority.certPem };
    const plan = planLaunch(options, folder, certificates, ports, endpoint);
    return { options, folder, certificates, ports, endpoint, plan };
  } catch (cause) {
    folder.remove(true);
    throw runFolderError(folder.dir, cause);
  }
}

/** What is known once all components are ready. */
interface Ready {
  readonly admin: ReturnType<typeof clientCredentials>;
  readonly version: ServerVersion;
  readonly etcdVersion: string;
}

/** Launches each component when what it needs is ready. The first death, the caller's signal or the timeout ends it. */
async function bringUp(start: Start): Promise<Ready> {
  const { options, supervisor, folder } = start;
  const ended = new AbortController();
  const timeoutMs = options.startTimeoutMs ?? 60_000;
  let waitingFor = "etcd";
  const stopListening = supervisor.onDeath((death) => ended.abort(deathError(death, folder.logsDir)));
  const timer = setTimeout(() => {
    ended.abort(notReady(waitingFor, timeoutMs, supervisor, folder.logsDir));
  }, timeoutMs);
  const onAbort = () => ended.abort(new ControlPlaneError("aborted", "the start was interrupted"));
  options.signal?.addEventListener("abort", onAbort, { once: true });
  if (options.signal?.aborted === true) onAbort();
  try {
    return await launchAll(start, ended.signal, (what) => {
      waitingFor = what;
      options.onProgress?.(what);
    });
  } catch (error) {
    // A request that failed because it was cancelled is not the cause.
    throw ended.signal.aborted ? ended.signal.reason : error;
  } finally {
    clearTimeout(timer);
    stopListening();
    options.signal?.removeEventListener("abort", onAbort);
  }
}

async function launchAll(start: Start, signal: AbortSignal, onWait: (what: string) => void): Promise<Ready> {
  const { options, certificates, ports, endpoint, plan, supervisor } = start;
  const launch = (name: keyof LaunchPlan["argv"]) => supervisor.launch(name, options.binaries[name], plan.argv[name]);
  const admin = clientCredentials(certificates.clusterAuthority, "hollow-admin", ["system:masters"]);
  signal.throwIfAborted();

  onWait("etcd");
  launch("etcd");
  const etcdApi = createJsonApi({
    server: `https://127.0.0.1:${ports.etcd}`,
    caPem: certificates.etcdCaPem,
    ...certificates.etcdClient,
    signal,
  });
  const api = createJsonApi({ ...endpoint, ...admin, signal });
  try {
    await waitUntil(async () => (await etcdApi.send("GET", "/readyz")).status === 200, signal);
    const etcdVersion = (await etcdApi.send("GET", "/version")).body as { etcdserver?: string };

    onWait("kube-apiserver");
    launch("kube-apiserver");
    await waitUntil(async () => (await api.send("GET", "/readyz")).status === 200, signal);
    const version = parseServerVersion((await api.send("GET", "/version")).body);
    checkServerVersion(version);

    onWait("kube-scheduler and kube-controller-manager");
    launch("kube-controller-manager");
    launch("kube-scheduler");
    const healthy = (port: number) =>
      waitForOk({ server: `https://127.0.0.1:${port}`, caPem: endpoint.caPem, ...admin }, "/healthz", signal);
    await Promise.all([
      bootstrapRbac(api),
      healthy(ports.scheduler),
      healthy(ports.controllerManager),
      waitForDefaultNamespace(api, signal),
    ]);
    return { admin, version, etcdVersion: etcdVersion.etcdserver ?? "unknown" };
  } finally {
    etcdApi.close();
    api.close();
  }
}

function assemble(start: Start, ready: Ready, stop: () => Promise<void>): LocalControlPlane {
  const { folder, certificates, endpoint, plan, supervisor } = start;
  const { certPem, keyPem } = certificates.clusterAuthority;
  return {
    target: "local",
    endpoint,
    version: ready.version,
    admin: ready.admin,
    driver: clientCredentials(certificates.clusterAuthority, driverUser),
    nodeAuthority: { certPem, keyPem },
    settings: {
      "kubernetes version": ready.version.gitVersion,
      "etcd version": ready.etcdVersion,
      "etcd data filesystem": filesystemOf(folder.dataDir),
      ...plan.settings,
    },
    kubeconfigPath: folder.write("kubeconfig", kubeconfig(endpoint, "hollow-admin", ready.admin)),
    dir: folder.dir,
    auditLogPath: plan.auditLogPath,
    processes: () => supervisor.processes(),
    logTail: (component) => (component === "embedded" ? [] : supervisor.logTail(component)),
    onDeath: (listener) => supervisor.onDeath(listener),
    stop,
  };
}

function deathError(death: ComponentDeath, logsDir: string): ControlPlaneError {
  const tail = death.logTail.map((line) => `  ${line}`).join("\n");
  return new ControlPlaneError("component-died", `${death.component} died (${death.cause}):\n${tail}`, {
    remedy: `its whole log is in ${logsDir}`,
  });
}

function notReady(what: string, timeoutMs: number, supervisor: Supervisor, logsDir: string): ControlPlaneError {
  const running = supervisor.processes().at(-1)?.name;
  const tail = running === undefined ? [] : supervisor.logTail(running).slice(-5);
  const text = [`${what} is not ready after ${timeoutMs / 1000} s`, ...tail.map((line) => `  ${line}`)].join("\n");
  return new ControlPlaneError("not-ready", text, { remedy: `the logs are in ${logsDir}` });
}
