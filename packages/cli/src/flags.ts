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
  readonly set?: readonly string[];
  readonly fault?: readonly string[];
  readonly out?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly assets?: string;
  readonly auditLog?: boolean;
  readonly componentDefaults?: boolean;
  readonly componentArg?: readonly string[];
  readonly featureGates?: string;
  readonly keepLogs?: boolean;
}

const collect = (value: string, list: readonly string[] = []): readonly string[] => [...list, value];

/** `run` takes everything. */
export function addRunFlags(command: Command): Command {
  addTargetFlags(command);
  addFleetFlags(command);
  addLoadFlags(command);
  return addComponentFlags(command).option("--quiet", "no live progress");
}

/** `up` has no load. */
export function addUpFlags(command: Command): Command {
  addTargetFlags(command);
  addFleetFlags(command);
  return addComponentFlags(command).option("--quiet", "no live progress");
}

function addTargetFlags(command: Command): Command {
  command
    .optionsGroup("Where:")
    .option(
      "--target <kind>",
      "local: real binaries on loopback; embedded: an API server of our own; kubeconfig: a cluster that exists; " +
        "auto: local where the binaries are installed, else embedded",
      "auto",
    );
  return addClusterFlags(command);
}

/** Which cluster that exists. */
export function addClusterFlags(command: Command): Command {
  return command
    .option("--kubeconfig <file>", "of the cluster that exists; implies --target kubeconfig")
    .option("--context <name>", "of the kubeconfig")
    .option("--allow-existing", "you may put load on the cluster that --context names");
}

function addFleetFlags(command: Command): Command {
  return command
    .optionsGroup("Hollow nodes:")
    .option("--nodes <count>", "how many")
    .option("--threads <count>", "worker threads (default: half of the cores); 0: in the main thread")
    .option("--profile <name>", "kubelet, kubemark or status-only")
    .option("--watches <set>", "all, or pods: only the pod watch")
    .option("--identity <kind>", "node-cert, node-token, impersonate or csr")
    .option("--connections <kind>", "per-node or pooled")
    .option("--seed <number>", "seed of everything that is drawn")
    .option("--node-rate <n/s>", "nodes that begin to register, per second")
    .option("--start-delay <span>", 'of sandbox and container: 0, 400ms, "uniform(100ms,1s)", "lognormal(400ms,2s)"')
    .option("--node-template <file>", "a Node manifest: the nodes get its labels, taints, capacity, images")
    .option("--kubelet-version <version>", "what the nodes report, e.g. v1.36.3");
}

function addComponentFlags(command: Command): Command {
  return command
    .optionsGroup("Control plane (--target local):")
    .option("--assets <dir>", "folder with the control-plane binaries")
    .option("--audit-log", "keep the API server's audit log in the result folder")
    .option("--keep-logs", "keep the components' logs in the result folder")
    .option("--component-defaults", "controller-manager and scheduler with upstream's client limits")
    .option("--component-arg <c=flag>", "e.g. kube-apiserver=--v=2; repeatable", collect)
    .option("--feature-gates <list>", "of all Kubernetes components, e.g. WatchList=false")
    .optionsGroup("Other:")
    .option("--set <field=value>", "any field of the scenario, e.g. fleet.nodeRatePerS=10; repeatable", collect);
}

function addLoadFlags(command: Command): Command {
  return command
    .optionsGroup("Load and result:")
    .option("--pods-per-node <count>", "pods on each node")
    .option("--pod-rate <n/s>", "pods asked for per second, open loop")
    .option("--duration <span>", "how long the probes run: 60s, 10m, 1h")
    .option(
      "--fault <rule>",
      "what the embedded server does wrong, e.g. delay=1500ms,share=3%,verb=PUT; repeatable",
      collect,
    )
    .option("--out <dir>", "result folder (default: hollowfleet-runs/TIME-SCENARIO)")
    .option("--json", "print the result as JSON instead of the table");
}
