import { describe, expect, test } from "vitest";
import type { KubeObject } from "../object.ts";
import { printerOf } from "./printers.ts";
import { toTable } from "./to-table.ts";

const nowMs = Date.parse("2026-01-01T01:00:00Z");
const created = "2026-01-01T00:55:00Z";

function object(kind: string, members: object, meta: object = {}): KubeObject {
  return { apiVersion: "v1", kind, metadata: { name: "x", creationTimestamp: created, ...meta }, ...members };
}

/** Cells by column name. */
function row(kind: string, members: object, meta: object = {}): Record<string, unknown> {
  const table = toTable({ kind }, [object(kind, members, meta)], { nowMs });
  const cells = table.rows?.[0]?.cells ?? [];
  expect(cells).toHaveLength(table.columnDefinitions?.length ?? 0);
  return Object.fromEntries(cells.map((cell, i) => [table.columnDefinitions?.[i]?.name, cell]));
}

const template = {
  spec: {
    containers: [
      { name: "a", image: "a:1" },
      { name: "b", image: "b:2" },
    ],
  },
};
const templateCells = { Containers: "a,b", Images: "a:1,b:2" };
const selector = { matchLabels: { app: "web" } };

describe("cells", () => {
  test("of a node", () => {
    const node = {
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: "Ready", status: "Unknown" }],
        addresses: [
          { type: "Hostname", address: "x" },
          { type: "InternalIP", address: "10.0.0.1" },
        ],
        nodeInfo: { kubeletVersion: "v1.36.3", osImage: "Linux", kernelVersion: "6.1", architecture: "amd64" },
      },
    };
    const labels = {
      "node-role.kubernetes.io/worker": "",
      "node-role.kubernetes.io/": "",
      "kubernetes.io/role": "edge",
    };
    expect(row("Node", node, { labels })).toEqual({
      Name: "x",
      Status: "NotReady,SchedulingDisabled",
      Roles: "edge,worker",
      Age: "5m",
      Version: "v1.36.3",
      "Internal-IP": "10.0.0.1",
      "External-IP": "<none>",
      "OS-Image": "Linux",
      "Kernel-Version": "6.1 (amd64)",
      "Container-Runtime": "<unknown>",
    });
    expect(row("Node", {})).toMatchObject({ Status: "Unknown", Roles: "<none>", Version: "" });
  });

  test("of a pod", () => {
    const pod = {
      spec: {
        containers: [{ name: "a" }],
        nodeName: "n",
        readinessGates: [{ conditionType: "g" }, { conditionType: "h" }],
      },
      status: {
        phase: "Running",
        podIPs: [{ ip: "10.1.0.1" }, { ip: "fd00::1" }],
        conditions: [{ type: "g", status: "True" }],
        containerStatuses: [
          {
            name: "a",
            ready: true,
            restartCount: 3,
            state: { running: {} },
            lastState: { terminated: { finishedAt: "2026-01-01T00:58:00Z" } },
          },
        ],
      },
    };
    expect(row("Pod", pod)).toEqual({
      Name: "x",
      Ready: "1/1",
      Status: "Running",
      Restarts: "3 (2m ago)",
      Age: "5m",
      IP: "10.1.0.1",
      Node: "n",
      "Nominated Node": "<none>",
      "Readiness Gates": "1/2",
    });
    expect(row("Pod", { spec: { containers: [] }, status: { phase: "Pending" } })).toMatchObject({
      Restarts: "0",
      IP: "<none>",
      Node: "<none>",
      "Readiness Gates": "<none>",
    });
  });

  test("of workloads", () => {
    const replicas = { spec: { replicas: 3, selector, template }, status: { replicas: 2, readyReplicas: 1 } };
    expect(row("Deployment", { ...replicas, status: { readyReplicas: 1, updatedReplicas: 2 } })).toMatchObject({
      ...templateCells,
      Ready: "1/3",
      "Up-to-date": 2,
      Available: 0,
      Selector: "app=web",
    });
    const counts = { Desired: 3, Current: 2, Ready: 1, ...templateCells, Selector: "app=web" };
    expect(row("ReplicaSet", replicas)).toMatchObject(counts);
    expect(
      row("ReplicationController", { ...replicas, spec: { ...replicas.spec, selector: { app: "web" } } }),
    ).toMatchObject(counts);
    expect(row("StatefulSet", replicas)).toMatchObject({ Ready: "1/3", ...templateCells });
    expect(row("DaemonSet", { spec: { selector, template }, status: { desiredNumberScheduled: 4 } })).toMatchObject({
      Desired: 4,
      Current: 0,
      "Node Selector": "<none>",
      Selector: "app=web",
    });
    expect(row("Deployment", { spec: { selector: {} } })["Selector"]).toBe("");
    expect(row("ReplicaSet", { spec: {} })["Selector"]).toBe("<none>");
  });

  test("of jobs", () => {
    const startTime = "2026-01-01T00:56:00Z";
    const job = { spec: { completions: 5, template, selector }, status: { startTime, succeeded: 2 } };
    expect(row("Job", job)).toMatchObject({
      Status: "Running",
      Completions: "2/5",
      Duration: "4m",
      Selector: "app=web",
    });
    const complete = {
      conditions: [{ type: "Complete", status: "True" }],
      startTime,
      completionTime: "2026-01-01T00:56:30Z",
    };
    expect(row("Job", { spec: { parallelism: 2 }, status: complete })).toMatchObject({
      Status: "Complete",
      Completions: "0/1 of 2",
      Duration: "30s",
    });
    expect(row("Job", { spec: {}, status: {} })).toMatchObject({ Completions: "0/1", Duration: "" });
    const cronJob = {
      spec: { schedule: "* * * * *", suspend: false, jobTemplate: { spec: { template } } },
      status: { active: [{}] },
    };
    expect(row("CronJob", cronJob)).toMatchObject({
      Schedule: "* * * * *",
      Timezone: "<none>",
      Suspend: "False",
      Active: 1,
      "Last Schedule": "<none>",
      Selector: "<none>",
    });
  });

  test("of services", () => {
    const spec = {
      type: "NodePort",
      clusterIPs: ["10.0.0.1"],
      ports: [{ port: 80, nodePort: 30080, protocol: "TCP" }],
    };
    expect(row("Service", { spec })).toMatchObject({
      Type: "NodePort",
      "Cluster-IP": "10.0.0.1",
      "External-IP": "<none>",
      "Port(s)": "80:30080/TCP",
      Selector: "<none>",
    });
    const status = { loadBalancer: { ingress: [{ hostname: "b" }, { ip: "1.1.1.1" }, { ip: "1.1.1.1" }] } };
    const balanced = { spec: { type: "LoadBalancer", externalIPs: ["2.2.2.2"] }, status };
    expect(row("Service", balanced)["External-IP"]).toBe("1.1.1.1,b,2.2.2.2");
    expect(row("Service", { spec: { type: "LoadBalancer" } })).toMatchObject({
      "External-IP": "<pending>",
      "Port(s)": "<none>",
    });
    expect(row("Service", { spec: { type: "ExternalName", externalName: "e" } })["External-IP"]).toBe("e");
  });

  test("of endpoints", () => {
    const addresses = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "fd00::1"].map((ip) => ({ ip }));
    const endpoints = (subsets: object[]) => row("Endpoints", { subsets })["Endpoints"];
    expect(endpoints([])).toBe("<none>");
    expect(endpoints([{ addresses }])).toBe("10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...");
    expect(endpoints([{ addresses: addresses.slice(2), ports: [{ port: 80 }] }])).toBe("10.0.0.3:80,[fd00::1]:80");
    const slice = {
      addressType: "IPv4",
      ports: [{ port: 80 }, { name: "n" }, {}],
      endpoints: [{ addresses: ["10.0.0.1"] }],
    };
    expect(row("EndpointSlice", slice)).toMatchObject({ AddressType: "IPv4", Ports: "80,n,*", Endpoints: "10.0.0.1" });
    expect(row("EndpointSlice", { ports: null, endpoints: [] })).toMatchObject({
      Ports: "<unset>",
      Endpoints: "<unset>",
    });
  });

  test("of events of both groups", () => {
    const expected = {
      "Last Seen": "60s",
      Type: "Normal",
      Reason: "Started",
      Object: "pod/web",
      Subobject: "spec.containers{a}",
      Source: "kubelet, n1",
      Message: "hello",
      "First Seen": "2m",
      Count: 2,
      Name: "x",
    };
    const about = { kind: "Pod", name: "web", fieldPath: "spec.containers{a}" };
    const common = { type: "Normal", reason: "Started" };
    const [first, last] = ["2026-01-01T00:58:00Z", "2026-01-01T00:59:00Z"];
    const core = { involvedObject: about, message: " hello\n", firstTimestamp: first, lastTimestamp: last, count: 2 };
    expect(row("Event", { ...common, ...core, source: { component: "kubelet", host: "n1" } })).toEqual(expected);
    const series = { count: 2, lastObservedTime: "2026-01-01T00:59:00.000000Z" };
    const events = { regarding: about, note: "hello", eventTime: "2026-01-01T00:58:00.000000Z", series };
    const reporter = { reportingController: "kubelet", reportingInstance: "n1" };
    expect(row("Event", { apiVersion: "events.k8s.io/v1", ...common, ...events, ...reporter })).toEqual(expected);
    expect(row("Event", { involvedObject: {} })).toMatchObject({
      "Last Seen": "<unknown>",
      Object: "",
      Source: "",
      Count: 1,
    });
  });

  test("of smaller kinds", () => {
    expect(row("Namespace", { status: { phase: "Active" } })).toEqual({ Name: "x", Status: "Active", Age: "5m" });
    expect(row("ConfigMap", { data: { a: "" }, binaryData: { b: "" } })["Data"]).toBe(2);
    expect(row("Secret", { type: "Opaque", data: { a: "" } })).toMatchObject({ Type: "Opaque", Data: 1 });
    expect(row("ServiceAccount", {})).toEqual({ Name: "x", Age: "5m" });
    expect(row("Lease", { spec: { holderIdentity: "n1" } })["Holder"]).toBe("n1");
    expect(
      row("PodDisruptionBudget", { spec: { minAvailable: "50%" }, status: { disruptionsAllowed: 1 } }),
    ).toMatchObject({
      "Min Available": "50%",
      "Max Unavailable": "N/A",
      "Allowed Disruptions": 1,
    });
    expect(row("PriorityClass", { value: 5, preemptionPolicy: "Never" })).toMatchObject({
      Value: 5,
      "Global-Default": false,
      PreemptionPolicy: "Never",
    });
    expect(row("RuntimeClass", { handler: "runc" })["Handler"]).toBe("runc");
    expect(row("CSINode", { spec: { drivers: [{}, {}] } })["Drivers"]).toBe(2);
    expect(row("CSIDriver", { spec: { podInfoOnMount: true } })).toMatchObject({
      AttachRequired: true,
      PodInfoOnMount: true,
      TokenRequests: "<unset>",
      Modes: "<none>",
    });
    const quota = { status: { hard: { "limits.cpu": "2", pods: "5" }, used: { pods: "1" } } };
    expect(row("ResourceQuota", quota)).toMatchObject({ Request: "pods: 1/5", Limit: "limits.cpu: 0/2" });
    const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name: "d", controller: true };
    expect(row("ControllerRevision", { revision: 3 }, { ownerReferences: [owner] })).toMatchObject({
      Controller: "daemonset.apps/d",
      Revision: 3,
    });
  });

  test("of volumes", () => {
    const accessModes = ["ReadWriteMany", "ReadWriteOnce"];
    const volume = {
      spec: { capacity: { storage: "1Gi" }, accessModes, claimRef: { namespace: "n", name: "c" } },
      status: { phase: "Bound" },
    };
    expect(row("PersistentVolume", volume)).toMatchObject({
      Capacity: "1Gi",
      "Access Modes": "RWO,RWX",
      Claim: "n/c",
      Status: "Bound",
      VolumeMode: "<unset>",
    });
    const claim = {
      spec: { volumeName: "v", storageClassName: "s" },
      status: { capacity: { storage: "1Gi" }, phase: "Bound" },
    };
    expect(row("PersistentVolumeClaim", claim)).toMatchObject({ Volume: "v", Capacity: "1Gi", StorageClass: "s" });
    expect(row("PersistentVolumeClaim", { spec: {} }, { deletionTimestamp: created })).toMatchObject({
      Status: "Terminating",
      Capacity: "",
    });
    const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
    expect(row("StorageClass", { provisioner: "p" }, { annotations })).toMatchObject({
      Name: "x (default)",
      ReclaimPolicy: "Delete",
      VolumeBindingMode: "Immediate",
      AllowVolumeExpansion: false,
    });
  });

  test("of certificates and role bindings", () => {
    const request = {
      spec: { signerName: "s", username: "u", expirationSeconds: 3600 },
      status: { certificate: "YQ==" },
    };
    const conditions = [{ type: "Approved" }];
    expect(row("CertificateSigningRequest", { ...request, status: { ...request.status, conditions } })).toMatchObject({
      SignerName: "s",
      Requestor: "u",
      RequestedDuration: "60m",
      Condition: "Approved,Issued",
    });
    expect(row("CertificateSigningRequest", {})["Condition"]).toBe("Pending");
    const subjects = [
      { kind: "User", name: "u" },
      { kind: "ServiceAccount", namespace: "n", name: "s" },
    ];
    expect(row("ClusterRoleBinding", { roleRef: { kind: "ClusterRole", name: "r" }, subjects })).toMatchObject({
      Role: "ClusterRole/r",
      Users: "u",
      Groups: "",
      ServiceAccounts: "n/s",
    });
  });

  test("of a kind without columns of its own", () => {
    expect(row("LimitRange", {})).toEqual({ Name: "x", "Created At": created });
  });
});

describe("toTable", () => {
  const pods = [object("Pod", { spec: { containers: [] }, status: { phase: "Failed" } })];

  test("is a Table with the list's metadata", () => {
    const listMeta = { resourceVersion: "7", continue: "c", remainingItemCount: 3 };
    expect(toTable({ kind: "Pod" }, pods, { nowMs, listMeta })).toMatchObject({
      kind: "Table",
      apiVersion: "meta.k8s.io/v1",
      metadata: listMeta,
    });
  });

  test("marks pods that are over", () => {
    expect(toTable({ kind: "Pod" }, pods, { nowMs }).rows?.[0]?.conditions).toEqual([
      { type: "Completed", status: "True", reason: "Failed", message: "The pod failed." },
    ]);
    const alive = object("Pod", { status: { phase: "Running" } });
    expect(toTable({ kind: "Pod" }, [alive], { nowMs }).rows?.[0]).not.toHaveProperty("conditions");
  });

  test("includes of the object what is asked for", () => {
    const rowObject = (includeObject?: string) =>
      toTable({ kind: "Pod" }, pods, { nowMs, ...(includeObject !== undefined && { includeObject }) }).rows?.[0]
        ?.object;
    const partial = { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: pods[0]?.metadata };
    expect(rowObject()).toEqual(partial);
    expect(rowObject("")).toEqual(partial);
    expect(rowObject("Metadata")).toEqual(partial);
    expect(rowObject("Object")).toBe(pods[0]);
    expect(rowObject("None")).toBeNull();
    expect(() => rowObject("All")).toThrow(
      "Unable to convert to Table as requested: includeObject: Invalid value: \"All\": must be 'Metadata', 'Object', 'None', or empty",
    );
  });

  test("leaves out headers that are known", () => {
    expect(toTable({ kind: "Pod" }, pods, { nowMs, withHeaders: false }).columnDefinitions).toBeNull();
  });

  test("names the object by one column, first of all but events'", () => {
    for (const kind of ["Pod", "Node", "Service", "LimitRange"]) {
      expect(printerOf(kind).columns[0]).toMatchObject({ name: "Name", type: "string", format: "name", priority: 0 });
    }
    expect(printerOf("Event").columns.filter(({ format }) => format === "name")).toHaveLength(1);
  });
});
