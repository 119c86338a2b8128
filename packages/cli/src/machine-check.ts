import type { MachineFacts } from "./machine-facts.ts";

/** One thing that was looked at. */
export interface MachineCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly finding: string;
  readonly remedy?: string;
}

/** Own TLS connection and identity each; measured, see bench/README.md. Rounded up. */
const bytesPerNode = 150_000;
/** API server, etcd and the rest with 1,000 nodes and 10,000 pods. */
const controlPlaneBytes = 2_000_000_000;
/** The program's own files, and those of the components that share the limit's default. */
const spareFiles = 256;

/** What keeps a run of `nodes` hollow nodes from working on this machine. Pure. */
export function checkMachine(facts: MachineFacts, nodes: number): MachineCheck[] {
  const [major = 0, minor = 0] = facts.nodeVersion.split(".").map(Number);
  const files = nodes + spareFiles;
  const memory = controlPlaneBytes + nodes * bytesPerNode;
  const year = new Date(facts.nowMs).getUTCFullYear();
  return [
    check(
      "node",
      major > 20 || (major === 20 && minor >= 19),
      `Node.js ${facts.nodeVersion}`,
      "Install Node.js 20.19 or newer.",
    ),
    check("system", facts.platform === "linux", facts.platform, "Use Linux, or --kubeconfig with a cluster elsewhere."),
    "missing" in facts.assets
      ? check("assets", false, facts.assets.missing, "npm start -- assets install")
      : check("assets", true, `Kubernetes ${facts.assets.version} in ${facts.assets.dir}`),
    check(
      "files",
      facts.openFiles === undefined || facts.openFiles >= files,
      `${facts.openFiles ?? "unknown"} open files allowed, ${files} needed for ${nodes} nodes`,
      `ulimit -n ${files}`,
    ),
    check(
      "memory",
      facts.freeMemoryBytes >= memory,
      `${gigabytes(facts.freeMemoryBytes)} GB available, about ${gigabytes(memory)} GB needed for ${nodes} nodes`,
      "Run fewer nodes, or end other programs.",
    ),
    check(
      "ports",
      facts.loopbackPort,
      facts.loopbackPort ? "loopback ports are free" : "no port on 127.0.0.1 can be opened",
      "Bring the loopback interface up: ip link set lo up",
    ),
    check(
      "source",
      facts.loopbackAddresses,
      facts.loopbackAddresses ? "nodes can have addresses in 127.0.0.0/8" : "127.64.0.1 is not local",
      "Use Linux, where all of 127.0.0.0/8 is local.",
    ),
    check(
      "clock",
      year >= 2025,
      new Date(facts.nowMs).toISOString(),
      "Set the clock: certificates and leases carry its time.",
    ),
  ];
}

function check(name: string, ok: boolean, finding: string, remedy?: string): MachineCheck {
  return { name, ok, finding, ...(remedy !== undefined && { remedy }) };
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
