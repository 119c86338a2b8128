import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAssets } from "./support/assets.ts";
import { eventually } from "./support/eventually.ts";
import { type Running, startHollow } from "./support/hollow.ts";
import { Kubectl } from "./support/kubectl.ts";

const nodeCount = 20;

interface Condition {
  readonly type: string;
  readonly status: string;
}

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: { readonly nodeName: string };
  readonly status: { readonly phase: string; readonly podIP: string; readonly conditions: readonly Condition[] };
}

interface List<T> {
  readonly items: readonly T[];
}

interface EndpointSlice {
  readonly addressType: string;
  readonly endpoints: readonly {
    readonly addresses: readonly string[];
    readonly nodeName: string;
    readonly conditions: { readonly ready: boolean };
    readonly targetRef: { readonly kind: string; readonly name: string; readonly uid: string };
  }[];
}

/** On the embedded API server the controllers are Hollowfleet's own, and there are none for StatefulSets and DaemonSets. */
const targets = [
  { target: "local", allWorkloads: true },
  { target: "embedded", allWorkloads: false },
] as const;

describe.skipIf(noAssets).each(targets)("kubectl beside hollow up --target $target", ({ target, allWorkloads }) => {
  let hollow: Running;
  let kubectl: Kubectl;
  let nodes: string[];

  beforeAll(async () => {
    hollow = startHollow(["up", "--target", target, "--nodes", String(nodeCount)]);
    await hollow.shows("KUBECONFIG=");
    kubectl = new Kubectl(/KUBECONFIG=(\S+)/.exec(hollow.output())?.[1] ?? "");
    const { items } = await kubectl.json<List<Pod>>("get", "nodes");
    nodes = items.map(({ metadata }) => metadata.name).sort();
  });

  afterAll(async () => {
    if (hollow === undefined) return;
    hollow.child.kill("SIGINT");
    const { code, stdout } = await hollow.ended;
    expect(code).toBe(0);
    // Scripts read the path from there.
    expect(stdout.trim()).toMatch(/^\/\S+$/);
  });

  const podsOf = async (app: string): Promise<readonly Pod[]> => {
    const { items } = await kubectl.json<List<Pod & { metadata: { deletionTimestamp?: string } }>>(
      "get",
      "pods",
      "-l",
      `app=${app}`,
    );
    return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  };

  it("get nodes: Ready, with version and address", async () => {
    const rows = table(await kubectl.run("get", "nodes", "-o", "wide"));
    expect(rows).toHaveLength(nodeCount);
    for (const row of rows) {
      expect(row).toMatchObject({ STATUS: "Ready", ROLES: "<none>", VERSION: "v1.36.3" });
      expect(row["INTERNAL-IP"]).toMatch(/^127\.64\.0\.\d+$/);
      expect(row["CONTAINER-RUNTIME"]).toMatch(/^containerd:\/\/\d/);
    }
    expect(new Set(rows.map((row) => row["INTERNAL-IP"])).size).toBe(nodeCount);
    await kubectl.run("wait", "--for=condition=Ready", "node", "--all", "--timeout=30s");
  });

  it("describe node: conditions, capacity, pods, what they take, and events", async () => {
    const node = nodes[0] ?? "";
    await kubectl.apply(
      barePod("described", node, {}, "resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 2Gi}}"),
    );
    await kubectl.run("wait", "--for=condition=Ready", "pod/described", "--timeout=30s");
    const text = await kubectl.run("describe", "node", node);
    for (const condition of ["MemoryPressure", "DiskPressure", "PIDPressure"]) {
      expect(text).toMatch(new RegExp(`${condition} +False .*kubelet has`, "i"));
    }
    expect(text).toMatch(/Ready +True .*KubeletReady +kubelet is posting ready status/);
    expect(text).toMatch(/Capacity:\n(.*\n)*? +pods: +110\nAllocatable:/);
    expect(text).toMatch(/Kubelet Version: +v1\.36\.3/);
    expect(text).toMatch(/PodCIDR: +\d+\.\d+\.\d+\.0\/24/);
    expect(text).toMatch(/default +described +500m \(6%\) +0 \(0%\) +1Gi \(3%\) +2Gi \(6%\)/);
    expect(text).toMatch(/Allocated resources:\n(.*\n)*? +cpu +500m \(6%\)/);
    expect(text).toMatch(/Events:\n(.*\n)* +Normal +RegisteredNode /);
    // A kubelet's own events have no UID of the Node (kubelet-audit §1.4), by which describe looks for events.
    const own = table(await kubectl.run("get", "events", "--field-selector", `involvedObject.name=${node}`));
    expect(own.map((row) => row["REASON"])).toEqual(
      expect.arrayContaining(["Starting", "NodeReady", "NodeHasSufficientMemory", "NodeAllocatableEnforced"]),
    );
    await kubectl.run("delete", "pod", "described");
  });

  it("create deployment, expose: one address for each pod", async () => {
    await kubectl.run("create", "deployment", "web", "--image=app:1", "--replicas=6", "--port=80");
    await kubectl.run("expose", "deployment", "web", "--port=80");
    expect(await kubectl.run("rollout", "status", "deployment/web", "--timeout=60s")).toContain(
      "successfully rolled out",
    );
    await endpointsMatch("web", 6);
    expect(table(await kubectl.run("get", "deployment", "web"))[0]).toMatchObject({ READY: "6/6", AVAILABLE: "6" });
  });

  it("scale up and down, with the Service behind it", async () => {
    for (const replicas of [12, 2]) {
      await kubectl.run("scale", "deployment/web", `--replicas=${replicas}`);
      await kubectl.run("rollout", "status", "deployment/web", "--timeout=60s");
      await endpointsMatch("web", replicas);
    }
  });

  it("rollout restart: other pods, never too few of them", async () => {
    const before = await podsOf("web");
    await kubectl.run("rollout", "restart", "deployment/web");
    await kubectl.run("rollout", "status", "deployment/web", "--timeout=60s");
    await endpointsMatch("web", 2);
    const after = await podsOf("web");
    expect(after.filter(({ metadata }) => before.some((pod) => pod.metadata.uid === metadata.uid))).toEqual([]);
  });

  it("delete pod --force: gone at once, and replaced", async () => {
    const [pod] = await podsOf("web");
    const name = pod?.metadata.name ?? "";
    await kubectl.run("delete", "pod", name, "--force", "--grace-period=0");
    expect((await kubectl.try(["get", "pod", name])).stderr).toContain("NotFound");
    await endpointsMatch("web", 2);
  });

  it("delete deployment: its pods go, and their events remain", async () => {
    await kubectl.run("delete", "deployment/web", "service/web");
    await kubectl.run("wait", "--for=delete", "pod", "-l", "app=web", "--timeout=60s");
    const reasons = new Set(table(await kubectl.run("get", "events")).map((row) => row["REASON"]));
    for (const reason of ["Scheduled", "Pulled", "Created", "Started", "Killing", "ScalingReplicaSet"]) {
      expect(reasons).toContain(reason);
    }
  });

  it.skipIf(!allWorkloads)("StatefulSet: one pod after the other; DaemonSet: one on each node", async () => {
    await kubectl.apply(workload("StatefulSet", "ordered", "serviceName: ordered, replicas: 3"));
    await kubectl.apply(workload("DaemonSet", "everywhere", "minReadySeconds: 0"));
    await kubectl.run("rollout", "status", "statefulset/ordered", "--timeout=60s");
    const pods = await podsOf("ordered");
    expect(pods.map(({ metadata }) => metadata.name)).toEqual(["ordered-0", "ordered-1", "ordered-2"]);
    const ready = pods.map(({ status }) => transitionOf(status.conditions, "Ready"));
    expect([...ready].sort()).toEqual(ready);
    await kubectl.run("rollout", "status", "daemonset/everywhere", "--timeout=60s");
    expect((await podsOf("everywhere")).map(({ spec }) => spec.nodeName).sort()).toEqual(nodes);
    await kubectl.run("delete", "statefulset/ordered");
    await kubectl.run("wait", "--for=delete", "pod", "-l", "app=ordered", "--timeout=60s");
  });

  it("cordon, drain against a PodDisruptionBudget, uncordon", async () => {
    const [cordoned = ""] = nodes;
    await kubectl.run("cordon", cordoned);
    await kubectl.run("create", "deployment", "guarded", "--image=app:1", `--replicas=${nodeCount - 1}`);
    await kubectl.run("create", "pdb", "guarded", "--selector=app=guarded", `--min-available=${nodeCount - 1}`);
    await kubectl.run("rollout", "status", "deployment/guarded", "--timeout=60s");
    const pods = await podsOf("guarded");
    expect(pods.map(({ spec }) => spec.nodeName)).not.toContain(cordoned);
    await kubectl.run("uncordon", cordoned);

    const drained = pods[0]?.spec.nodeName ?? "";
    const drain = ["drain", drained, "--ignore-daemonsets", "--delete-emptydir-data"];
    const refused = await kubectl.try([...drain, "--timeout=3s"]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("would violate the pod's disruption budget");
    expect((await podsOf("guarded")).some(({ spec }) => spec.nodeName === drained)).toBe(true);

    await kubectl.run("patch", "pdb", "guarded", "-p", '{"spec":{"minAvailable":1}}');
    const done = await kubectl.run(...drain, "--timeout=60s");
    expect(done).toContain(`node/${drained} drained`);
    expect(table(await kubectl.run("get", "node", drained))[0]?.["STATUS"]).toBe("Ready,SchedulingDisabled");
    await kubectl.run("rollout", "status", "deployment/guarded", "--timeout=60s");
    const moved = await podsOf("guarded");
    expect(moved).toHaveLength(nodeCount - 1);
    expect(moved.map(({ spec }) => spec.nodeName)).not.toContain(drained);
    await kubectl.run("uncordon", drained);
    expect(table(await kubectl.run("get", "node", drained))[0]?.["STATUS"]).toBe("Ready");
    await kubectl.run("delete", "deployment/guarded", "pdb/guarded");
    if (allWorkloads) await kubectl.run("delete", "daemonset/everywhere");
  });

  it("a Job whose pods end after the time they ask for completes", async () => {
    await kubectl.apply(`
apiVersion: batch/v1
kind: Job
metadata: {name: twice}
spec:
  completions: 2
  parallelism: 2
  template:
    metadata: {annotations: {hollowfleet.dev/run-time: 2s}}
    spec: {restartPolicy: Never, containers: [{name: c, image: app:1}]}
`);
    await kubectl.run("wait", "--for=condition=Complete", "job/twice", "--timeout=60s");
    expect(table(await kubectl.run("get", "job", "twice"))[0]).toMatchObject({
      STATUS: "Complete",
      COMPLETIONS: "2/2",
    });
    for (const row of table(await kubectl.run("get", "pods", "-l", "job-name=twice"))) {
      expect(row).toMatchObject({ READY: "0/1", STATUS: "Completed", RESTARTS: "0" });
    }
  });

  it("a container killed for its memory shows OOMKilled", async () => {
    const { stdout } = await watched("oom", { oom: "1s" }, /OOMKilled/, "restartPolicy: Never");
    expect(stdout).toMatch(/oom +1\/1 +Running/);
    const text = await kubectl.run("describe", "pod", "oom");
    expect(text).toMatch(/State: +Terminated\n +Reason: +OOMKilled\n +Exit Code: +137/);
  });

  it("an image that cannot be pulled shows ErrImagePull, then ImagePullBackOff", async () => {
    const { stdout } = await watched("unpulled", { "image-pull-failure": "true" }, /ImagePullBackOff/);
    expect(stdout).toMatch(/0\/1 +ErrImagePull +0 .*\n(.*\n)*.*0\/1 +ImagePullBackOff +0 /);
    const text = await kubectl.run("describe", "pod", "unpulled");
    expect(text).toMatch(/State: +Waiting\n +Reason: +ImagePullBackOff/);
    expect(text).toMatch(/Warning +Failed .*Failed to pull image "app:1"/);
  });

  it("a crash loop shows its restarts and CrashLoopBackOff", async () => {
    const { stdout } = await watched("crashing", { "crash-loop": "true" }, /CrashLoopBackOff/);
    expect(stdout).toMatch(/0\/1 +Error +0 /);
    expect(stdout).toMatch(/1\/1 +Running +1 \(/);
    expect(stdout).toMatch(/0\/1 +CrashLoopBackOff +[12] \(/);
    const text = await kubectl.run("describe", "pod", "crashing");
    expect(text).toMatch(/Last State: +Terminated\n +Reason: +Error\n +Exit Code: +1\n/);
    expect(text).toMatch(/Restart Count: +[1-9]/);
    expect(text).toMatch(/Warning +BackOff .*Back-off restarting failed container c in pod crashing_default/);
    await kubectl.run("delete", "pod", "crashing", "unpulled", "oom");
  });

  /** Creates a pod that behaves as asked and watches `get pods` until it shows something. */
  async function watched(
    name: string,
    behaviour: Readonly<Record<string, string>>,
    until: RegExp,
    more = "",
  ): Promise<{ stdout: string }> {
    await kubectl.apply(barePod(name, undefined, behaviour, "", more));
    return kubectl.watch(["get", "pods", name], until, 60_000);
  }

  /** The Service's slices hold the address of each of its pods, and nothing else. */
  async function endpointsMatch(app: string, count: number): Promise<void> {
    await eventually(async () => {
      const pods = await podsOf(app);
      expect(pods).toHaveLength(count);
      const slices = await kubectl.json<List<EndpointSlice>>(
        "get",
        "endpointslices",
        "-l",
        `kubernetes.io/service-name=${app}`,
      );
      const endpoints = slices.items.flatMap(({ addressType, endpoints }) => {
        expect(addressType).toBe("IPv4");
        return endpoints ?? [];
      });
      const ready = endpoints.filter(({ conditions }) => conditions.ready);
      expect(ready.map(({ addresses, nodeName, targetRef }) => [targetRef.uid, nodeName, ...addresses]).sort()).toEqual(
        pods.map(({ metadata, spec, status }) => [metadata.uid, spec.nodeName, status.podIP]).sort(),
      );
      const addresses = new Set(pods.map(({ status }) => status.podIP));
      expect(addresses.size).toBe(count);
      for (const address of addresses) expect(address).not.toMatch(/^127\.|^0\.|^169\.254\./);
    }, 40_000);
  }
});

/** A table of kubectl, as one record for each row. Cells are told apart by two spaces or more. */
function table(text: string): Record<string, string>[] {
  const [header = "", ...rows] = text.trimEnd().split("\n");
  const columns = [...header.matchAll(/\S+(?: \S+)*/g)].map(({ 0: name, index }) => ({ name, index }));
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name, index }, at) => [name, row.slice(index, columns[at + 1]?.index).trim()])),
  );
}

function transitionOf(conditions: readonly Condition[], type: string): string {
  const found = conditions.find((condition) => condition.type === type);
  return (found as { lastTransitionTime?: string } | undefined)?.lastTransitionTime ?? "";
}

function barePod(
  name: string,
  node: string | undefined,
  behaviour: Readonly<Record<string, string>>,
  container: string,
  spec = "",
): string {
  const annotations = Object.entries(behaviour).map(([key, value]) => `hollowfleet.dev/${key}: "${value}"`);
  return `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, annotations: {${annotations.join(", ")}}}
spec:
  ${node === undefined ? "" : `nodeSelector: {kubernetes.io/hostname: ${node}}`}
  ${spec}
  containers:
  - name: c
    image: app:1
    ${container}
`;
}

function workload(kind: string, name: string, spec: string): string {
  return `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec: {${spec}, selector: {matchLabels: {app: ${name}}}, template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: c, image: app:1}]}}}
`;
}
