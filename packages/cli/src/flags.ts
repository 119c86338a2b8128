import type { Command } from "commander";

/** What `run` and `up` take, as commander gives it: texts, as the user wrote them. */
export interface RunFlags {
  readonly target: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly allowExisting?: boolean;
  readonly nodes?: string;
  readonly podsPerNode?: string;
  readonly threads?: string;
  readonly profile?: string;
  readonly watches?: string;
  readonly identity?: string;
  readonly connections?: string;
  readonly seed?: string;
  readonly nodeRate?: string;
  readonly podRate?: string;
  readonly duration?: string;
  readonly startDelay?: string;
  readonly nodeTemplate?: string;
  readonly kubeletVersion?: string;
  readonly set: readonly string[];
  readonly out?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly assets?: string;
  readonly auditLog?: boolean;
  readonly componentDefaults?: boolean;
  readonly componentArg: readonly string[];
  readonly featureGates?: string;
  readonly keepLogs?: boolean;
}

const collect = (value: string, list: readonly string[]): readonly string[] => [...list, value];

/** Flags that say where: `cleanup` takes them too. */
export function addTargetFlags(command: Command): Command {
  return command
    .option("--target <target>", "local (real binaries on loopback) or kubeconfig (a cluster that exists)", "local")
    .option("--kubeconfig <file>", "kubeconfig file of the cluster; implies --target kubeconfig")
    .option("--context <name>", "context of the kubeconfig; default: its current one")
    .option("--allow-existing", "allows load on the cluster that --context names, which we did not start");
}

/** Flags that say what runs on it. */
export function addFleetFlags(command: Command): Command {
  return command
    .option("--nodes <count>", "hollow nodes")
    .option("--threads <count>", "worker threads; 0 runs the fleet in the main thread (default: one per spare core)")
    .option("--profile <name>", "kubelet, kubemark or status-only")
    .option("--watches <set>", "all, or pods to open only the pod watch")
    .option("--identity <kind>", "node-cert, node-token, impersonate or csr")
    .option("--connections <kind>", "per-node or pooled")
    .option("--seed <number>", "seed of everything that is drawn")
    .option("--node-rate <perSecond>", "nodes that begin to register, per second")
    .option(
      "--start-delay <span>",
      'of sandbox and container: "0", "400ms", "uniform(100ms,1s)", "lognormal(400ms,2s)"',
    )
    .option("--node-template <file>", "a Node manifest whose labels, taints, capacity and images the nodes take over")
    .option("--kubelet-version <version>", "what the nodes report, e.g. v1.36.3")
    .option(
      "--set <field=value>",
      "sets any field of the scenario, e.g. fleet.nodeRatePerS=10; repeatable",
      collect,
      [],
    )
    .option("--assets <dir>", "folder with the control-plane binaries")
    .option("--audit-log", "keep the API server's audit log in the result folder")
    .option("--component-defaults", "run controller-manager and scheduler with upstream's client limits")
    .option("--component-arg <component=arg>", "extra argument, e.g. kube-apiserver=--v=2; repeatable", collect, [])
    .option("--feature-gates <list>", "of all Kubernetes components, e.g. WatchList=false")
    .option("--keep-logs", "keep the components' logs in the result folder")
    .option("--quiet", "no live progress");
}

/** Flags that say what is measured. */
export function addRunFlags(command: Command): Command {
  return command
    .option("--pods-per-node <count>", "pods on each node")
    .option("--pod-rate <perSecond>", "pods asked for per second, open loop")
    .option("--duration <span>", "how long the probes run: 60s, 10m, 1h")
    .option("--out <dir>", "result folder (default: hollowfleet-runs/<time>-<scenario>)")
    .option("--json", "print the result as JSON on stdout instead of the table");
}
