import { type BehaviourSubject, readBehaviour } from "../annotations.ts";
import type { ContainerPlan, ContainerRole, PodPlan } from "../pod-plan.ts";

const tokenMount = {
  name: "",
  mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
  readOnly: true,
} as const;

export type ContainerSketch = Partial<ContainerPlan> & { readonly name: string; readonly role?: ContainerRole };

/** A plan such as `planOf` makes, for tests of the pure parts. */
export function testPlan(
  sketch: Partial<PodPlan> & {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly sketches?: readonly ContainerSketch[];
  } = {},
): PodPlan {
  const { annotations = {}, sketches = [{ name: "c" }], ...rest } = sketch;
  const ends = (rest.restartPolicy ?? "Always") !== "Always";
  const subjects = sketches.map(
    ({ name, role = "app" }): BehaviourSubject => ({
      name,
      app: role === "app",
      defaultRunTimeMs: role === "init" ? 2000 : role === "app" && ends ? 3000 : undefined,
    }),
  );
  const behaviour = readBehaviour(annotations, subjects);
  const containers = sketches.map(
    (container, index): ContainerPlan => ({
      image: "app:1",
      role: "app",
      mounts: [tokenMount],
      limits: undefined,
      requests: undefined,
      uid: 0,
      gid: 0,
      groups: [0],
      readiness: undefined,
      startup: undefined,
      behaviour: behaviour.containers[index]!,
      ...container,
    }),
  );
  return {
    namespace: "default",
    name: "p",
    uid: "c2e5",
    restartPolicy: "Always",
    hostNetwork: false,
    activeDeadlineMs: undefined,
    readinessGates: [],
    containers,
    initCount: containers.filter(({ role }) => role !== "app").length,
    behaviour: behaviour.pod,
    tokenVolume: "kube-api-access-t6xdb",
    serviceAccount: "default",
    tokens: [{ audience: undefined, expirationSeconds: 3607 }],
    objects: [{ plural: "configmaps", name: "kube-root-ca.crt" }],
    requests: {},
    nodeSelector: undefined,
    nodeTerms: undefined,
    ...rest,
  };
}
