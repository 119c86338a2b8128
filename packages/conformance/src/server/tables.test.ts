import { toTable } from "@hollowfleet/apiserver";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noAssets } from "../support/assets.ts";
import { startLocalTarget } from "./harness/local-target.ts";
import { type Connections, createConnections, type ServerTarget } from "./harness/server-target.ts";
import { tableObjects } from "./table-objects.ts";

type Table = ReturnType<typeof toTable>;
type KubeObject = Parameters<typeof toTable>[1][number];

const asTable = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

let target: ServerTarget;
let connections: Connections;

async function send(method: string, path: string, body?: unknown, accept = "application/json") {
  const isStatusPatch = method === "PATCH";
  const contentType = isStatusPatch ? "application/merge-patch+json" : "application/json";
  const answer = await connections.as("admin").send({
    method,
    path,
    headers: { accept, ...(body !== undefined && { "content-type": contentType }) },
    ...(body !== undefined && { body: Buffer.from(JSON.stringify(body)) }),
  });
  return { status: answer.status, body: JSON.parse(answer.body.toString("utf8")) };
}

/** The server's table, and when it was made, on the clock that both have. */
async function realTable(path: string): Promise<{ table: Table; beforeMs: number; afterMs: number }> {
  const beforeMs = Date.now();
  const { status, body } = await send("GET", path, undefined, asTable);
  expect(status, JSON.stringify(body)).toBe(200);
  return { table: body, beforeMs, afterMs: Date.now() };
}

/** Descriptions are in our own words. */
const withoutDescriptions = ({ columnDefinitions }: Table) =>
  columnDefinitions?.map(({ description: _, ...column }) => column);

function expectSameTable(kind: string, { table, beforeMs, afterMs }: Awaited<ReturnType<typeof realTable>>): void {
  const objects = (table.rows ?? []).map(({ object }) => object as KubeObject);
  const make = (nowMs: number) =>
    toTable({ kind }, objects, { includeObject: "Object", nowMs, listMeta: table.metadata });
  const [early, late] = [make(beforeMs), make(afterMs)];
  expect(withoutDescriptions(early)).toEqual(withoutDescriptions(table));
  for (const [i, row] of (table.rows ?? []).entries()) {
    // Ages may have passed a second in between; all else is the same in both.
    const cells = row.cells.map((cell, j) => (late.rows?.[i]?.cells[j] === cell ? cell : early.rows?.[i]?.cells[j]));
    expect(cells).toEqual(row.cells);
    expect(early.rows?.[i]?.conditions).toEqual(row.conditions);
  }
  expect({ ...early, rows: null, columnDefinitions: null }).toEqual({ ...table, rows: null, columnDefinitions: null });
}

describe.skipIf(noAssets)("toTable makes the tables of the real server", () => {
  beforeAll(async () => {
    target = await startLocalTarget();
    connections = createConnections(target);
    for (const { path, object, status } of tableObjects) {
      const created = await send("POST", path, object);
      expect(created.status, JSON.stringify(created.body)).toBe(201);
      if (status === undefined) continue;
      const patched = await send("PATCH", `${path}/${created.body.metadata.name}/status`, { status });
      expect(patched.status, JSON.stringify(patched.body)).toBe(200);
    }
  });

  afterAll(async () => {
    connections?.close();
    await target?.stop();
  });

  test.each([
    ["Pod", "/api/v1/pods", 12],
    ["Node", "/api/v1/nodes", 3],
    ["Deployment", "/apis/apps/v1/deployments", 2],
    ["ReplicaSet", "/apis/apps/v1/replicasets", 1],
    ["StatefulSet", "/apis/apps/v1/statefulsets", 1],
    ["DaemonSet", "/apis/apps/v1/daemonsets", 1],
    ["ReplicationController", "/api/v1/replicationcontrollers", 1],
    ["Job", "/apis/batch/v1/jobs", 4],
    ["CronJob", "/apis/batch/v1/cronjobs", 2],
    ["Service", "/api/v1/services", 5],
    ["Endpoints", "/api/v1/endpoints", 2],
    ["EndpointSlice", "/apis/discovery.k8s.io/v1/endpointslices", 2],
    ["Event", "/api/v1/namespaces/tables/events", 3],
    ["Event", "/apis/events.k8s.io/v1/namespaces/tables/events", 3],
    ["Namespace", "/api/v1/namespaces", 4],
    ["ConfigMap", "/api/v1/configmaps", 1],
    ["Secret", "/api/v1/secrets", 1],
    ["ServiceAccount", "/api/v1/serviceaccounts", 1],
    ["Lease", "/apis/coordination.k8s.io/v1/leases", 1],
    ["PodDisruptionBudget", "/apis/policy/v1/poddisruptionbudgets", 2],
    ["PriorityClass", "/apis/scheduling.k8s.io/v1/priorityclasses", 3],
    ["RuntimeClass", "/apis/node.k8s.io/v1/runtimeclasses", 1],
    ["CSINode", "/apis/storage.k8s.io/v1/csinodes", 1],
    ["CSIDriver", "/apis/storage.k8s.io/v1/csidrivers", 2],
    ["StorageClass", "/apis/storage.k8s.io/v1/storageclasses", 2],
    ["VolumeAttachment", "/apis/storage.k8s.io/v1/volumeattachments", 1],
    ["PersistentVolume", "/api/v1/persistentvolumes", 1],
    ["PersistentVolumeClaim", "/api/v1/persistentvolumeclaims", 2],
    ["ResourceQuota", "/api/v1/resourcequotas", 1],
    ["CertificateSigningRequest", "/apis/certificates.k8s.io/v1/certificatesigningrequests", 0],
    ["ClusterRoleBinding", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", 10],
    ["RoleBinding", "/apis/rbac.authorization.k8s.io/v1/rolebindings", 3],
    ["ControllerRevision", "/apis/apps/v1/controllerrevisions", 1],
    ["PodTemplate", "/api/v1/podtemplates", 1],
    ["LimitRange", "/api/v1/limitranges", 1],
    ["ClusterRole", "/apis/rbac.authorization.k8s.io/v1/clusterroles", 10],
  ])("of %s at %s", async (kind, path, least) => {
    const real = await realTable(`${path}?includeObject=Object`);
    expect(real.table.rows?.length).toBeGreaterThanOrEqual(least);
    expectSameTable(kind, real);
  });

  test("of one object", async () => {
    expectSameTable("Node", await realTable("/api/v1/nodes/ready?includeObject=Object"));
  });

  test("of a scale", async () => {
    expectSameTable(
      "Scale",
      await realTable("/apis/apps/v1/namespaces/tables/deployments/web/scale?includeObject=Object"),
    );
  });

  test("of part of a list", async () => {
    const real = await realTable("/api/v1/pods?includeObject=Object&limit=2");
    expect(real.table.metadata.remainingItemCount).toBeGreaterThan(0);
    expectSameTable("Pod", real);
  });

  test.each(["", "?includeObject=Metadata", "?includeObject=None"])(
    "with the objects that %j asks for",
    async (query) => {
      const path = "/api/v1/namespaces/tables/configmaps/map";
      const [object, { table }] = [(await send("GET", path)).body as KubeObject, await realTable(`${path}${query}`)];
      const includeObject = query.slice("?includeObject=".length);
      const made = toTable({ kind: "ConfigMap" }, [object], { nowMs: Date.now(), includeObject });
      expect(made.rows?.[0]?.object).toEqual(table.rows?.[0]?.object);
    },
  );

  test("and refuses what it refuses", async () => {
    const { status, body } = await send("GET", "/api/v1/nodes?includeObject=All", undefined, asTable);
    expect(status).toBe(400);
    expect(() => toTable({ kind: "Node" }, [], { nowMs: 0, includeObject: "All" })).toThrow(body.message);
  });
});
