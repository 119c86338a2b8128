const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/**
 * A status, or a patch of one, with what differs from pod to pod replaced by a name for it, so that two can be compared:
 * uid, times, container and image ids, IPs, and the token volume's name.
 * @param names further texts and what to write instead of each
 */
export function normalised(value: unknown, names: Readonly<Record<string, string>> = {}): unknown {
  const text = JSON.stringify(value, (_, member: unknown) => {
    if (typeof member !== "string") return member;
    if (timePattern.test(member)) return "TIME";
    const named = Object.entries(names).reduce((result, [from, to]) => result.replaceAll(from, to), member);
    return named
      .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "UID")
      .replace(/\b[0-9a-f]{64}\b/g, "ID")
      .replace(/\b10(\.\d{1,3}){3}\b/g, "POD-IP")
      .replace(/\b127(\.\d{1,3}){3}\b/g, "HOST-IP")
      .replace(/^kube-api-access-[a-z0-9]{5}$/, "TOKEN-VOLUME");
  });
  return JSON.parse(text);
}

interface Patch {
  readonly status?: { readonly conditions?: readonly object[] };
}

/** A patch without the transition times of its conditions: they are in it only when the second has changed (kubelet-audit §3). */
export function withoutTransitionTimes(patch: unknown): unknown {
  const { status, ...rest } = patch as Patch;
  if (status?.conditions === undefined) return patch;
  const conditions = status.conditions.map((condition) =>
    Object.fromEntries(Object.entries(condition).filter(([name]) => name !== "lastTransitionTime")),
  );
  return { ...rest, status: { ...status, conditions } };
}

const types = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];

/** The order of the five conditions as every patch that touches one states it. */
export const conditionOrder: readonly object[] = types.map((type) => ({ type }));

const tokenMount = {
  mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
  name: "TOKEN-VOLUME",
  readOnly: true,
  recursiveReadOnly: "Disabled",
};

const waiting = { lastProbeTime: null, lastTransitionTime: "TIME", observedGeneration: 1 };
const unready = { ...waiting, message: "containers with unready status: [c]", reason: "ContainersNotReady" };

/** The three patches of a plain pod's start, whole, from kubelet-audit §3; normalised. */
export const startPatches: readonly object[] = [
  {
    metadata: { uid: "UID" },
    status: {
      "$setElementOrder/conditions": conditionOrder,
      conditions: [
        { ...waiting, status: "False", type: "PodReadyToStartContainers" },
        { ...waiting, status: "True", type: "Initialized" },
        { ...unready, status: "False", type: "Ready" },
        { ...unready, status: "False", type: "ContainersReady" },
        { observedGeneration: 1, type: "PodScheduled" },
      ],
      containerStatuses: [
        {
          image: "app:1",
          imageID: "",
          lastState: {},
          name: "c",
          ready: false,
          restartCount: 0,
          started: false,
          state: { waiting: { reason: "ContainerCreating" } },
          volumeMounts: [tokenMount],
        },
      ],
      hostIP: "HOST-IP",
      hostIPs: [{ ip: "HOST-IP" }],
      observedGeneration: 1,
      startTime: "TIME",
    },
  },
  {
    metadata: { uid: "UID" },
    status: {
      "$setElementOrder/conditions": conditionOrder,
      conditions: [{ status: "True", type: "PodReadyToStartContainers" }],
    },
  },
  {
    metadata: { uid: "UID" },
    status: {
      "$setElementOrder/conditions": conditionOrder,
      conditions: [
        { message: null, reason: null, status: "True", type: "Ready" },
        { message: null, reason: null, status: "True", type: "ContainersReady" },
      ],
      containerStatuses: [runningStatus({})],
      phase: "Running",
      podIP: "POD-IP",
      podIPs: [{ ip: "POD-IP" }],
    },
  },
];

/** The container of a plain pod once it runs. */
export function runningStatus(more: object): object {
  return {
    containerID: "containerd://ID",
    image: "app:1",
    imageID: "sha256:ID",
    lastState: {},
    name: "c",
    ready: true,
    resources: {},
    restartCount: 0,
    started: true,
    state: { running: { startedAt: "TIME" } },
    user: { linux: { gid: 0, supplementalGroups: [0], uid: 0 } },
    volumeMounts: [tokenMount],
    ...more,
  };
}

/** What its state says once it has ended. */
export function terminated(exitCode: number, reason: string): object {
  return { terminated: { containerID: "containerd://ID", exitCode, finishedAt: "TIME", reason, startedAt: "TIME" } };
}

/** The two patches of a deletion, whole, from kubelet-audit §5; normalised. */
export const deletionPatches: readonly object[] = [
  {
    metadata: { uid: "UID" },
    status: {
      "$setElementOrder/conditions": conditionOrder,
      conditions: types.map((type) => ({ observedGeneration: 2, type })),
      observedGeneration: 2,
    },
  },
  {
    metadata: { uid: "UID" },
    status: {
      "$setElementOrder/conditions": conditionOrder,
      conditions: [
        { status: "False", type: "PodReadyToStartContainers" },
        { reason: "PodCompleted", type: "Initialized" },
        { reason: "PodCompleted", status: "False", type: "Ready" },
        { reason: "PodCompleted", status: "False", type: "ContainersReady" },
      ],
      containerStatuses: [runningStatus({ ready: false, started: false, state: terminated(0, "Completed") })],
      phase: "Succeeded",
    },
  },
];
