import type { Random } from "@hollowfleet/core";
import type { Node } from "@hollowfleet/wire";
import type { NodeSpec } from "../node-spec.ts";
import type { Profile } from "../profile.ts";
import type { DatedCondition } from "./conditions.ts";
import { splitLabels } from "./labels.ts";

/** What a machine says of itself; stable from the seed, so that a restarted node is the same machine. */
export interface MachineIds {
  readonly machineId: string;
  readonly bootId: string;
}

/** @param random the node's own generator */
export function machineIds(random: Random): MachineIds {
  const fork = random.fork("machine-ids");
  const hex = fork.hex(32);
  const boot = fork.hex(32);
  return { machineId: hex, bootId: boot.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") };
}

export const attachDetachAnnotation = "volumes.kubernetes.io/controller-managed-attach-detach";

/** What 1.36 kubelets declare, gate NodeDeclaredFeatures (kubelet-audit §1.4). */
const declaredFeatures = [
  "ExtendWebSocketsToKubelet",
  "InPlacePodLevelResourcesVerticalScaling",
  "InPlacePodVerticalScalingInitContainers",
  "RestartAllContainersOnContainerExits",
];

/** containerd's default handler under both of its names. */
const runtimeHandlers = ["", "runc"].map((name) => ({
  name,
  features: { recursiveReadOnlyMounts: true, userNamespaces: true },
}));

const kubeletInfo = {
  kernelVersion: "6.1.0-40-amd64",
  osImage: "Debian GNU/Linux 12 (bookworm)",
  containerRuntimeVersion: "containerd://2.2.9",
};

/** What kubemark's hollow nodes have always reported (kubelet-wire §1.3). */
const bareInfo = {
  kernelVersion: "3.16.0-0.bpo.4-amd64",
  osImage: "Debian GNU/Linux 7 (wheezy)",
  containerRuntimeVersion: "fakeRuntime://0.1.0",
};

/** 36 of "v1.36.3"; 0 when the text is no version. */
function minorOf(version: string): number {
  return Number(/^v?\d+\.(\d+)/.exec(version)?.[1] ?? 0);
}

/** The labels that the node sends: five standard ones and its own, without those that NodeRestriction forbids. */
function nodeLabels(spec: NodeSpec): Record<string, string> {
  const arch = spec.nodeInfo?.architecture ?? "amd64";
  const os = spec.nodeInfo?.operatingSystem ?? "linux";
  return {
    "beta.kubernetes.io/arch": arch,
    "beta.kubernetes.io/os": os,
    "kubernetes.io/arch": arch,
    "kubernetes.io/hostname": spec.name,
    "kubernetes.io/os": os,
    ...splitLabels(spec.labels).own,
  };
}

/** The Node of the POST (kubelet-audit §1.4). */
export function nodeObject(
  spec: NodeSpec,
  profile: Profile,
  ids: MachineIds,
  conditions: readonly DatedCondition[],
): Node {
  const full = profile.nodeObject === "kubelet";
  const annotations = { ...(full && { [attachDetachAnnotation]: "true" }), ...spec.annotations };
  const prefix = profile.providerIdPrefix;
  const providerID = spec.providerId ?? (prefix === undefined ? undefined : `${prefix}${spec.name}`);
  return {
    metadata: { name: spec.name, labels: nodeLabels(spec), annotations },
    spec: {
      ...(providerID !== undefined && { providerID }),
      taints: spec.taints.map((taint) => ({ ...taint })),
    },
    status: nodeStatus(spec, full, ids, conditions),
  };
}

function nodeStatus(
  spec: NodeSpec,
  full: boolean,
  ids: MachineIds,
  conditions: readonly DatedCondition[],
): NonNullable<Node["status"]> {
  const hugepages = full ? { "hugepages-1Gi": "0", "hugepages-2Mi": "0" } : {};
  return {
    capacity: quantities({ ...hugepages, ...spec.capacity }),
    allocatable: quantities({ ...hugepages, ...spec.capacity, ...spec.allocatable }),
    conditions: conditions.map(({ type, status, reason, message, heartbeatS, transitionS }) => ({
      type,
      status,
      reason,
      message,
      lastHeartbeatTime: { seconds: heartbeatS },
      lastTransitionTime: { seconds: transitionS },
    })),
    addresses: [
      { type: "InternalIP", address: spec.address },
      { type: "Hostname", address: spec.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: spec.kubeletPort } },
    nodeInfo: nodeInfo(spec, full, ids),
    ...(full && {
      images: (spec.images ?? []).map(({ names, sizeBytes }) => ({ names: [...names], sizeBytes })),
      runtimeHandlers,
      features: { supplementalGroupsPolicy: true },
    }),
    ...(minorOf(spec.kubeletVersion) >= 36 && { declaredFeatures }),
  };
}

function nodeInfo(
  spec: NodeSpec,
  full: boolean,
  ids: MachineIds,
): NonNullable<NonNullable<Node["status"]>["nodeInfo"]> {
  return {
    architecture: "amd64",
    operatingSystem: "linux",
    ...(full ? kubeletInfo : bareInfo),
    ...spec.nodeInfo,
    machineID: full ? ids.machineId : "",
    systemUUID: full ? ids.machineId : "",
    bootID: full ? ids.bootId : "",
    kubeletVersion: spec.kubeletVersion,
    // Empty since 1.33 (gate DisableNodeKubeProxyVersion).
    kubeProxyVersion: minorOf(spec.kubeletVersion) < 33 ? spec.kubeletVersion : "",
  };
}

function quantities(texts: Readonly<Record<string, string>>): Record<string, { string: string }> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, { string: text }]));
}
