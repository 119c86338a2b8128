import {
  type ApiClient,
  type CallRecord,
  type ClientError,
  createApiClient,
  createHttp2Transport,
  createReflector,
  listAll,
  type Reflector,
  resources,
  type Transport,
  type WatchEvent,
} from "@hollowfleet/client";
import { type LocalControlPlane, startLocal } from "@hollowfleet/controlplane";
import { seededRandom, systemClock } from "@hollowfleet/core";
import { loadAuthority } from "@hollowfleet/pki";
import { type ConfigMap, kinds, type Pod, splice } from "@hollowfleet/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assetsOrSkip } from "./support/assets.ts";

const assets = await assetsOrSkip();
let plane: LocalControlPlane;
let transport: Transport;
let api: ApiClient;
const records: CallRecord[] = [];
const transports: Transport[] = [];

function connect(identity: { certPem?: string; keyPem?: string } = {}): Transport {
  const made = createHttp2Transport({ ...plane.endpoint, ...identity, clock: systemClock });
  transports.push(made);
  return made;
}

beforeAll(async () => {
  if (assets === undefined) return;
  plane = await startLocal({
    binaries: assets.paths,
    extraFlags: {
      "kube-apiserver": {
        // So that every test also meets connections that the server closes under it.
        "goaway-chance": "0.02",
        // So that a version is soon gone: compacted, and not held by a watch cache either.
        "etcd-compaction-interval": "4s",
        "watch-cache-sizes": "limitranges#0",
      },
    },
  });
  if (plane.admin.kind !== "certificate") throw new Error("the admin of a local control plane has a certificate");
  transport = connect(plane.admin);
  api = createApiClient({ transport, observer: { onCall: (record) => records.push(record) } });
}, 90_000);

afterAll(async () => {
  for (const each of transports) each.close();
  await plane?.stop();
}, 30_000);

const ns = "default";

function configMap(name: string, data: Record<string, string>, labels: Record<string, string> = {}): ConfigMap {
  return { metadata: { name, namespace: ns, labels }, data };
}

function pod(name: string): Pod {
  const containers = [{ name: "c", image: "app:1" }];
  return { metadata: { name, namespace: ns }, spec: { containers, automountServiceAccountToken: false } };
}

async function failure(promise: Promise<unknown>): Promise<ClientError> {
  return promise.then(
    () => {
      throw new Error("it succeeded");
    },
    (error: ClientError) => error,
  );
}

async function until(ready: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 20_000;
  while (!(await ready())) {
    if (Date.now() > endMs) throw new Error("it did not come to pass");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe.skipIf(assets === undefined)("against a real kube-apiserver", () => {
  it("creates, reads, replaces and deletes", async () => {
    const name = { namespace: ns, name: "crud" };
    const created = await api.create(resources.configmaps, configMap("crud", { a: "1" }), { namespace: ns });
    expect(created.object.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/);
    const read = await api.get(resources.configmaps, name);
    expect(read.object.data).toEqual({ a: "1" });
    // What is written back are the received bytes with one field replaced: managedFields and the like are kept.
    const value = Buffer.from([10, 1, 97, 18, 1, 50]);
    const spliced = splice(read.raw, [{ path: [2], value: { wire: "bytes", value } }]);
    const replaced = await api.update(resources.configmaps, name, spliced);
    expect(replaced.object.data).toEqual({ a: "2" });
    expect((await failure(api.update(resources.configmaps, name, read.raw))).code).toBe("conflict");
    const wrongUid = api.delete(resources.configmaps, name, { preconditions: { uid: "x" } });
    expect(await failure(wrongUid)).toMatchObject({ code: "conflict", outcome: "failed" });
    const uid = created.object.metadata?.uid ?? "";
    await api.delete(resources.configmaps, name, { preconditions: { uid }, gracePeriodSeconds: 0 });
    expect(await failure(api.get(resources.configmaps, name))).toMatchObject({
      code: "not-found",
      outcome: "failed",
      status: { httpStatus: 404, reason: "NotFound" },
    });
  });

  it("patches in all four ways", async () => {
    const name = { namespace: ns, name: "patched" };
    await api.create(resources.configmaps, configMap("patched", { a: "1", b: "1" }), { namespace: ns });
    await api.patch(resources.configmaps, name, "strategic", `{"data":{"a":"2"}}`);
    await api.patch(resources.configmaps, name, "merge", `{"data":{"b":null}}`);
    await api.patch(resources.configmaps, name, "json", `[{"op":"add","path":"/data/c","value":"3"}]`);
    const apply = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"patched"},"data":{"a":"4"}}`;
    const stubborn = api.patch(resources.configmaps, name, "apply", apply, { fieldManager: "test" });
    expect((await failure(stubborn)).code).toBe("conflict");
    const applied = await api.patch(resources.configmaps, name, "apply", apply, { fieldManager: "test", force: true });
    expect(applied.object.data).toEqual({ a: "4", c: "3" });
  });

  it("tells apart what the server refuses", async () => {
    await api.create(resources.configmaps, configMap("twice", {}), { namespace: ns });
    const twice = api.create(resources.configmaps, configMap("twice", {}), { namespace: ns });
    expect((await failure(twice)).code).toBe("already-exists");
    const invalid = await failure(api.create(resources.pods, { metadata: { name: "p" }, spec: {} }, { namespace: ns }));
    expect(invalid).toMatchObject({ code: "invalid", status: { httpStatus: 422, reason: "Invalid" } });
    expect(invalid.status?.causes).toContain("spec.containers: Required value");
    expect((await failure(api.list(resources.pods, { fieldSelector: "no.such=x" }))).code).toBe("bad-request");
    const impersonated = createApiClient({ transport, headers: [["impersonate-user", "nobody"]] });
    expect((await failure(impersonated.list(resources.secrets))).code).toBe("forbidden");
    const stranger = createApiClient({ transport: connect(), headers: () => [["authorization", "Bearer wrong"]] });
    expect((await failure(stranger.list(resources.pods))).code).toBe("unauthorized");
    const dry = await api.create(resources.configmaps, configMap("dry", {}), { namespace: ns, dryRun: true });
    expect(dry.object.metadata?.name).toBe("dry");
    expect((await failure(api.get(resources.configmaps, { namespace: ns, name: "dry" }))).code).toBe("not-found");
    expect(JSON.parse(await api.text("/version"))).toMatchObject({ major: "1" });
    expect((await failure(api.text("/no/such/path"))).code).toBe("not-found");
  });

  it("lists in pages of one version, and deletes a collection", async () => {
    const labels = { page: "me" };
    for (let i = 0; i < 7; i++)
      await api.create(resources.configmaps, configMap(`page-${i}`, {}, labels), { namespace: ns });
    const selection = { namespace: ns, labelSelector: "page=me" };
    const first = await api.list(resources.configmaps, { ...selection, limit: 3 });
    expect(first.items).toHaveLength(3);
    await api.create(resources.configmaps, configMap("page-late", {}, labels), { namespace: ns });
    const second = await api.list(resources.configmaps, { ...selection, limit: 3, continue: first.continue });
    const third = await api.list(resources.configmaps, { ...selection, limit: 3, continue: second.continue });
    expect([second.items.length, third.items.length, third.continue]).toEqual([3, 1, ""]);
    expect(third.resourceVersion).toBe(first.resourceVersion);
    expect((await listAll(api, resources.configmaps, selection)).items).toHaveLength(8);
    await api.deleteCollection(resources.configmaps, selection);
    expect((await api.list(resources.configmaps, selection)).items).toEqual([]);
  });

  it("uses the subresources that kubelets and drivers use", async () => {
    const account = { namespace: ns, name: "default" };
    await until(() =>
      api.get(resources.serviceaccounts, account).then(
        () => true,
        () => false,
      ),
    );
    const token = await api.createSubresource(resources.serviceaccounts, account, "token", kinds.TokenRequest, {
      spec: { expirationSeconds: 3607, audiences: [] },
    });
    const bearer = createApiClient({
      transport: connect(),
      headers: [["authorization", `Bearer ${token.object.status?.token}`]],
    });
    expect((await failure(bearer.list(resources.nodes))).message).toContain("system:serviceaccount:default:default");
    await api.create(resources.nodes, { metadata: { name: "bound-here" } });
    await api.create(resources.pods, pod("bound"), { namespace: ns });
    const name = { namespace: ns, name: "bound" };
    const target = { kind: "Node", name: "bound-here" };
    const binding = { metadata: { name: "bound" }, target };
    await api.createSubresource(resources.pods, name, "binding", kinds.Binding, binding);
    const status = JSON.stringify({ status: { phase: "Running", podIP: "10.1.2.3", podIPs: [{ ip: "10.1.2.3" }] } });
    const running = await api.patch(resources.pods, name, "strategic", status, { subresource: "status" });
    expect(running.object).toMatchObject({ spec: { nodeName: "bound-here" }, status: { podIP: "10.1.2.3" } });
    await api.createSubresource(resources.pods, name, "eviction", kinds.Eviction, { metadata: { name: "bound" } });
    const evicted = await api.get(resources.pods, name);
    expect(evicted.object.metadata?.deletionTimestamp?.seconds).toBeGreaterThan(1_700_000_000);
    await api.delete(resources.pods, name, { gracePeriodSeconds: 0 });
    await api.delete(resources.nodes, { name: "bound-here" });
  });

  it("is the node that its certificate names", async () => {
    if (plane.nodeAuthority === undefined) throw new Error("local holds its CA");
    const authority = loadAuthority(plane.nodeAuthority);
    const names = Array.from({ length: 20 }, (_, i) => `cert-${i}`);
    await Promise.all(
      names.map(async (name) => {
        const identity = authority.issue({
          commonName: `system:node:${name}`,
          organizations: ["system:nodes"],
          usage: "client",
        });
        const node = createApiClient({ transport: connect(identity) });
        // NodeRestriction lets a node create itself and nobody else.
        await node.create(resources.nodes, { metadata: { name } });
        const other = await failure(node.create(resources.nodes, { metadata: { name: `${name}-other` } }));
        expect(other).toMatchObject({ code: "forbidden" });
        expect(other.message).toContain(name);
        await api.delete(resources.nodes, { name });
      }),
    );
  });

  it("watches: the state first, a bookmark, then changes", async () => {
    await api.create(resources.configmaps, configMap("watched", { a: "1" }), { namespace: ns });
    const seen: WatchEvent<ConfigMap>[] = [];
    let closed = false;
    const watch = api.watch(
      resources.configmaps,
      {
        namespace: ns,
        fieldSelector: "metadata.name=watched",
        sendInitialEvents: true,
        resourceVersionMatch: "NotOlderThan",
        allowBookmarks: true,
      },
      {
        onOpen() {},
        onEvent: (event) => seen.push(event),
        onClose: () => {
          closed = true;
        },
      },
    );
    await until(() => seen.length === 2);
    expect(seen.map((event) => event.type)).toEqual(["ADDED", "BOOKMARK"]);
    expect(seen[1]).toMatchObject({ initialEventsEnd: true, resourceVersion: expect.stringMatching(/^\d+$/) });
    await api.patch(resources.configmaps, { namespace: ns, name: "watched" }, "merge", `{"data":{"a":"2"}}`);
    await api.delete(resources.configmaps, { namespace: ns, name: "watched" });
    await until(() => seen.length === 4);
    expect(seen.slice(2).map((event) => event.type)).toEqual(["MODIFIED", "DELETED"]);
    watch.stop();
    expect(closed).toBe(false);
  });

  it("learns from lists and watches that a version is gone", async () => {
    // The first compaction may go no further than the server's start; wait for one that reaches the present.
    const { resourceVersion } = await api.list(resources.limitranges);
    await api.create(resources.configmaps, configMap("later", {}), { namespace: ns });
    await until(() =>
      api.list(resources.limitranges, { resourceVersion, resourceVersionMatch: "Exact" }).then(
        () => false,
        (error: ClientError) => error.code === "expired",
      ),
    );
    const ended = await new Promise((resolve) =>
      api.watch(
        resources.limitranges,
        { resourceVersion: "1", timeoutSeconds: 20 },
        { onOpen() {}, onEvent() {}, onClose: resolve },
      ),
    );
    expect(ended).toMatchObject({ code: "expired", status: { httpStatus: 410 } });
  });

  it("lets the server end a watch in good order", async () => {
    const ended = await new Promise((resolve) =>
      api.watch(resources.nodes, { timeoutSeconds: 1 }, { onOpen() {}, onEvent() {}, onClose: resolve }),
    );
    expect(ended).toBeUndefined();
  });

  it("holds 250 watches within the server's stream limit", async () => {
    const own = connect(plane.admin.kind === "certificate" ? plane.admin : {});
    const client = createApiClient({ transport: own });
    let open = 0;
    let failed = 0;
    const watches = Array.from({ length: 250 }, () =>
      client.watch(
        resources.namespaces,
        {},
        {
          onOpen: () => open++,
          onEvent() {},
          onClose: () => failed++,
        },
      ),
    );
    await until(() => open === 250);
    expect(own.stats().openStreams).toBe(250);
    expect(own.stats().openConnections).toBeGreaterThanOrEqual(3);
    expect(failed).toBe(0);
    for (const watch of watches) watch.stop();
  });

  it("loses and repeats no write to GOAWAY", async () => {
    const goawaysBefore = transport.stats().goaways;
    const labels = { goaway: "yes" };
    const writes = Array.from({ length: 400 }, (_, i) => i);
    for (let batch = 0; batch < writes.length; batch += 20)
      await Promise.all(
        writes
          .slice(batch, batch + 20)
          .map((i) => api.create(resources.configmaps, configMap(`goaway-${i}`, {}, labels), { namespace: ns })),
      );
    const { items } = await listAll(api, resources.configmaps, { namespace: ns, labelSelector: "goaway=yes" });
    expect(items).toHaveLength(400);
    expect(transport.stats().goaways).toBeGreaterThan(goawaysBefore);
    await api.deleteCollection(resources.configmaps, { namespace: ns, labelSelector: "goaway=yes" });
  });

  it.each([true, false])("reflects a set of objects (WatchList: %s)", async (watchList) => {
    const labels = { reflected: `${watchList}` };
    await api.create(resources.configmaps, configMap(`r1-${watchList}`, {}, labels), { namespace: ns });
    const log: string[] = [];
    const reflector: Reflector<ConfigMap> = createReflector({
      api,
      resource: resources.configmaps,
      namespace: ns,
      labelSelector: `reflected=${watchList}`,
      clock: systemClock,
      random: seededRandom(1),
      watchList,
      keep: "objects",
      watchTimeout: { minSeconds: 1, maxSeconds: 2 },
      handler: {
        onReplace: (items) => log.push(`replace ${items.length}`),
        onAdd: (item) => log.push(`add ${item.object.metadata?.name}`),
        onUpdate: (item) => log.push(`update ${item.object.metadata?.name}`),
        onDelete: (item) => log.push(`delete ${item.object.metadata?.name}`),
      },
    });
    reflector.start();
    await until(() => reflector.synced);
    const watchesBefore = records.filter((record) => record.verb === "WATCH").length;
    // Two ends of the watch, so that what follows comes over a watch from the last version.
    await until(() => records.filter((record) => record.verb === "WATCH").length >= watchesBefore + 2);
    const second = { namespace: ns, name: `r2-${watchList}` };
    await api.create(resources.configmaps, configMap(second.name, {}, labels), { namespace: ns });
    await api.patch(resources.configmaps, second, "merge", `{"data":{"x":"y"}}`);
    await api.delete(resources.configmaps, second);
    await until(() => log.length === 4);
    reflector.stop();
    expect(log).toEqual(["replace 1", `add ${second.name}`, `update ${second.name}`, `delete ${second.name}`]);
    expect([...reflector.items()].map((item) => item.object.metadata?.name)).toEqual([`r1-${watchList}`]);
  });

  it("told each call once, with times in order", () => {
    expect(records.length).toBeGreaterThan(450);
    for (const record of records) {
      expect(record.code).toMatch(/^\d{3}$/);
      expect(record.dueUs).toBeLessThanOrEqual(record.startedUs);
      expect(record.startedUs).toBeLessThanOrEqual(record.writtenUs);
      expect(record.writtenUs).toBeLessThanOrEqual(record.firstByteUs);
      expect(record.firstByteUs).toBeLessThanOrEqual(record.endUs);
    }
  });
});
