import { join } from "node:path";
import { auditPolicy } from "./audit-policy.ts";
import type { Certificates } from "./certificates.ts";
import { clientCredentials } from "./certificates.ts";
import { type ComponentName, comparableFlags, componentNames, type Flags, toArgv } from "./components/component.ts";
import { etcdFlags } from "./components/etcd.ts";
import { kubeApiserverFlags } from "./components/kube-apiserver.ts";
import { kubeControllerManagerFlags } from "./components/kube-controller-manager.ts";
import { type ClientLimits, kubeSchedulerConfiguration, kubeSchedulerFlags } from "./components/kube-scheduler.ts";
import type { Endpoint } from "./control-plane.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { type LocalOptions, tokenFile } from "./local-options.ts";
import type { RunFolder } from "./run-folder.ts";

/** Loopback ports of one run. */
export interface Ports {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiserver: number;
  readonly scheduler: number;
  readonly controllerManager: number;
}

/** What will be started. */
export interface LaunchPlan {
  readonly argv: Readonly<Record<ComponentName, readonly string[]>>;
  /** The flags as the manifest shows them. */
  readonly settings: Readonly<Record<string, string>>;
  readonly auditLogPath: string | undefined;
}

/** Upstream's 20/30 and 50/100 cap Deployments near 16 pods per second. */
const raisedLimits: ClientLimits = { qps: 500, burst: 1000 };

/** Writes the files that the components read, and decides their flags. */
export function planLaunch(
  options: LocalOptions,
  folder: RunFolder,
  certificates: Certificates,
  ports: Ports,
  endpoint: Endpoint,
): LaunchPlan {
  const { files } = certificates;
  const limits = options.componentDefaults === true ? undefined : raisedLimits;
  const gates = options.featureGates === undefined ? {} : { featureGates: options.featureGates };
  const identity = (name: ComponentName) =>
    folder.write(
      `${name}.kubeconfig`,
      kubeconfig(endpoint, name, clientCredentials(certificates.clusterAuthority, `system:${name}`)),
    );
  const scheduler = identity("kube-scheduler");
  const schedulerConfiguration = kubeSchedulerConfiguration(scheduler, limits);
  const audit = options.audit === true ? writeAudit(folder) : undefined;
  const flags: Record<ComponentName, Flags> = {
    etcd: etcdFlags({
      dataDir: join(folder.dataDir, "etcd"),
      clientPort: ports.etcd,
      peerPort: ports.etcdPeer,
      ca: files.etcdCa.cert,
      serving: files.etcd,
    }),
    "kube-apiserver": kubeApiserverFlags({
      port: ports.apiserver,
      etcdPort: ports.etcd,
      etcdCa: files.etcdCa.cert,
      etcdClient: files.etcdClient,
      clusterCa: files.clusterCa.cert,
      serving: files.apiserver,
      kubeletClient: files.kubeletClient,
      frontProxyCa: files.frontProxyCa.cert,
      frontProxyClient: files.frontProxyClient,
      serviceAccountKey: files.serviceAccountKey,
      ...gates,
      ...writeTokens(options, folder),
      ...(audit === undefined ? {} : { audit }),
    }),
    "kube-scheduler": kubeSchedulerFlags({
      port: ports.scheduler,
      kubeconfig: scheduler,
      configFile: folder.write("kube-scheduler.config.json", JSON.stringify(schedulerConfiguration)),
      clusterCa: files.clusterCa.cert,
      frontProxyCa: files.frontProxyCa.cert,
      serving: files.scheduler,
      ...gates,
    }),
    "kube-controller-manager": kubeControllerManagerFlags({
      port: ports.controllerManager,
      kubeconfig: identity("kube-controller-manager"),
      clusterCa: files.clusterCa,
      frontProxyCa: files.frontProxyCa.cert,
      serving: files.controllerManager,
      serviceAccountKey: files.serviceAccountKey,
      limits,
      ...gates,
    }),
  };
  return {
    argv: perComponent((name) => toArgv(flags[name], options.extraFlags?.[name])),
    settings: {
      ...Object.assign(
        {},
        ...componentNames.map((name) =>
          comparableFlags(name, { ...flags[name], ...options.extraFlags?.[name] }, folder.dir),
        ),
      ),
      "kube-scheduler clientConnection": limits === undefined ? "defaults" : `qps=${limits.qps},burst=${limits.burst}`,
      "kube-scheduler leaderElect": "false",
      audit: String(options.audit === true),
    },
    auditLogPath: audit?.logFile,
  };
}

function perComponent<T>(value: (name: ComponentName) => T): Record<ComponentName, T> {
  return Object.fromEntries(componentNames.map((name) => [name, value(name)])) as Record<ComponentName, T>;
}

function writeTokens(options: LocalOptions, folder: RunFolder): { readonly tokenFile?: string } {
  const tokens = options.staticTokens ?? [];
  return tokens.length === 0 ? {} : { tokenFile: folder.write("tokens.csv", tokenFile(tokens)) };
}

function writeAudit(folder: RunFolder): { readonly policyFile: string; readonly logFile: string } {
  return {
    policyFile: folder.write("audit-policy.json", JSON.stringify(auditPolicy)),
    logFile: join(folder.logsDir, "audit.log"),
  };
}
