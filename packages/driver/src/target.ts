import { randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  type ApiClient,
  type AuthConfig,
  type CallObserver,
  createApiClient,
  createHttp2Transport,
} from "@hollowfleet/client";
import {
  type ControlPlane,
  ControlPlaneError,
  type Credentials,
  type EmbeddedOptions,
  type FaultLedger,
  formatFaultFlag,
  type LocalControlPlane,
  type LocalOptions,
  type StaticToken,
  startEmbedded,
  startLocal,
} from "@hollowfleet/controlplane";
import { type Clock, systemClock, unreachable } from "@hollowfleet/core";
import {
  assignSlots,
  type FleetCredentials,
  type FleetIdentity,
  type FleetTarget,
  nodeName,
  nodesGroup,
  nodeToken,
  nodeUser,
} from "@hollowfleet/fleet";
import type { InjectedFault, TargetFacts } from "@hollowfleet/metrics";
import { DriverError } from "./driver-error.ts";
import { openExisting } from "./existing-target.ts";
import type { RunOptions } from "./run-options.ts";
import type { Scenario } from "./scenario.ts";

/** Of `LocalOptions`, what a user chooses. */
export type LocalTargetOptions = Pick<
  LocalOptions,
  "binaries" | "runDir" | "componentDefaults" | "featureGates" | "extraFlags" | "audit" | "keepLogs" | "onProgress"
>;

/** Of `EmbeddedOptions`, what a user chooses. */
export type EmbeddedTargetOptions = Pick<EmbeddedOptions, "runDir" | "onProgress">;

/** The API server that a run talks to, and every way to it. */
export interface RunTarget {
  readonly plane: Pick<ControlPlane, "target" | "settings" | "kubeconfigPath" | "processes" | "onDeath">;
  readonly facts: TargetFacts;
  /** Of the target's software. */
  readonly versions: Readonly<Record<string, string>>;
  readonly fleetTarget: FleetTarget;
  readonly fleetCredentials: FleetCredentials;
  readonly nodeAddress: FleetIdentity["address"];
  /** Of the components that were started here. */
  readonly logsDir: string | undefined;
  /** "" where the cluster is ours alone. */
  readonly namePrefix: string;
  /** What was injected so far, where faults can be. */
  readonly injected?: () => Promise<readonly InjectedFault[]>;
  /** A client of the driver's identity on a connection of its own; `observer` is told of its calls. */
  connect(observer?: CallObserver): ApiClient;
  /** Closes our connections and stops what was started. */
  close(): Promise<void>;
}

/** Opens the target that the options name. Throws DriverError, ControlPlaneError, ClientError or KubeconfigError. */
export function openTarget(options: RunOptions, runId: string): Promise<RunTarget> {
  const { target, scenario } = options;
  if (scenario.faults.length > 0 && target.kind !== "embedded") {
    throw new DriverError("config", `faults: ${target.kind} cannot inject any`, { remedy: "Use --target embedded." });
  }
  switch (target.kind) {
    case "local":
      return openLocal(options, target);
    case "embedded":
      return openEmbedded(options, target);
    case "kubeconfig":
      return openExisting(options, target, runId);
    default:
      return unreachable(target);
  }
}

async function openLocal(options: RunOptions, local: LocalTargetOptions): Promise<RunTarget> {
  const secret = newSecret();
  const plane = await started<LocalControlPlane>(
    startLocal({ ...local, signal: options.signal, staticTokens: staticTokens(options.scenario, secret) }),
  );
  return {
    ...openOwn(options, plane, secret),
    facts: { kind: "local", real: true, version: plane.version.gitVersion },
    versions: {
      kubernetes: plane.version.gitVersion,
      ...(plane.settings["etcd version"] !== undefined && { etcd: plane.settings["etcd version"] }),
    },
    logsDir: join(plane.dir, "logs"),
  };
}

async function openEmbedded(options: RunOptions, embedded: EmbeddedTargetOptions): Promise<RunTarget> {
  const secret = newSecret();
  const { scenario, signal } = options;
  if (scenario.fleet.identity === "csr") {
    throw new DriverError("config", "fleet.identity: csr needs a signer, which the embedded control plane lacks", {
      remedy: "Use --identity node-cert, or --target local.",
    });
  }
  const plane = await started(
    startEmbedded({
      ...embedded,
      signal,
      seed: scenario.seed,
      faults: { rules: scenario.faults },
      staticTokens: staticTokens(scenario, secret),
    }),
  );
  return {
    ...openOwn(options, plane, secret),
    facts: { kind: "embedded", real: false, version: plane.version.gitVersion },
    versions: { kubernetes: plane.version.gitVersion },
    logsDir: undefined,
    injected: async () => injectedFaults(await plane.faultLedger()),
  };
}

/** One line per rule of the plan, without the delays one by one. */
function injectedFaults(ledger: FaultLedger | undefined): InjectedFault[] {
  return (ledger?.entries ?? []).map(({ rule, seen, hit, delaySumMs, delayMsMax }) => ({
    rule: formatFaultFlag(rule),
    seen,
    hit,
    delaySumMs,
    delayMsMax,
  }));
}

/** Random, not drawn from the seed: whoever knows it is every node. */
function newSecret(): string {
  return randomBytes(16).toString("hex");
}

async function started<Plane extends ControlPlane>(starting: Promise<Plane>): Promise<Plane> {
  return await starting.catch((thrown: unknown) => {
    if (thrown instanceof ControlPlaneError && thrown.code === "aborted") {
      throw new DriverError("interrupted", "stopped by the user while the control plane started", { cause: thrown });
    }
    throw thrown;
  });
}

type OwnTarget = Omit<RunTarget, "facts" | "versions" | "logsDir">;

/** What is the same for every control plane that we start and that is ours alone. */
function openOwn(options: RunOptions, plane: ControlPlane, secret: string): OwnTarget {
  const { endpoint, version } = plane;
  return {
    plane,
    fleetTarget: { ...endpoint, version: [version.major, version.minor] },
    fleetCredentials: ownCredentials(options.scenario, plane, secret),
    nodeAddress: { kind: "loopback" },
    namePrefix: "",
    ...clientFactory(plane, systemClock),
  };
}

function ownCredentials(scenario: Scenario, plane: ControlPlane, secret: string): FleetCredentials {
  const { identity } = scenario.fleet;
  if (identity === "node-token") return { kind: "node-token", secret };
  if (identity === "impersonate") return { kind: "impersonate", base: authOf(plane.driver) };
  if (identity === "csr") return { kind: "csr", bootstrapToken: secret };
  if (plane.nodeAuthority === undefined) {
    throw new DriverError("config", "fleet.identity: node-cert needs the cluster's CA, which we do not hold", {
      remedy: "Use --identity impersonate.",
    });
  }
  return { kind: "node-cert", authority: plane.nodeAuthority };
}

function authOf(credentials: Credentials): AuthConfig {
  return credentials.kind === "certificate"
    ? { kind: "cert", certPem: credentials.certPem, keyPem: credentials.keyPem }
    : { kind: "token", token: credentials.token };
}

/** The server reads its token file once, at its start: every node that may come has to be in it. */
function staticTokens(scenario: Scenario, secret: string): StaticToken[] {
  const { pools, identity } = scenario.fleet;
  // The user and group of a bootstrap token (k8s.io/cluster-bootstrap/token/api).
  if (identity === "csr") return [{ token: secret, user: "system:bootstrap:hollow", groups: ["system:bootstrappers"] }];
  if (identity !== "node-token") return [];
  return assignSlots(pools).flatMap((slot) => {
    const pool = pools[slot.pool];
    if (pool === undefined) return [];
    const node = nodeName(pool, slot.ordinal, undefined);
    return [{ token: nodeToken(secret, node), user: nodeUser(node), groups: [nodesGroup] }];
  });
}

/** Clients of the driver's identity. Observers must not queue behind load, so each gets a transport of its own. */
function clientFactory(plane: ControlPlane, clock: Clock): Pick<RunTarget, "connect" | "close"> {
  const { endpoint, driver } = plane;
  const transports: ReturnType<typeof createHttp2Transport>[] = [];
  const tls = driver.kind === "certificate" ? { certPem: driver.certPem, keyPem: driver.keyPem } : {};
  const headers: [string, string][] = driver.kind === "token" ? [["authorization", `Bearer ${driver.token}`]] : [];
  return {
    connect(observer) {
      const transport = createHttp2Transport({ ...endpoint, ...tls, clock });
      transports.push(transport);
      return createApiClient({
        transport,
        headers: () => headers,
        settings: { userAgent: "hollow-driver", timeoutMs: 60_000 },
        clock,
        ...(observer !== undefined && { observer }),
      });
    },
    async close() {
      for (const transport of transports) transport.close();
      await plane.stop();
    },
  };
}
