import type { LocalControlPlane } from "@hollowfleet/controlplane";
import type { Fleet } from "@hollowfleet/fleet";
import { noDelays } from "@hollowfleet/kubelet";
import { certificateSigningRequest, generateKeyPair } from "@hollowfleet/pki";
import {
  hasAnnotation,
  type Kind,
  type Kinds,
  kinds,
  mediaTypes,
  microTimeFromMs,
  peekMeta,
  splice,
  splitList,
  unwrap,
  WatchFrameSplitter,
  wrap,
} from "@hollowfleet/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAssets } from "./support/assets.ts";
import { Cluster, isReady } from "./support/cluster.ts";
import { Kubectl } from "./support/kubectl.ts";
import { startPlane } from "./support/local-plane.ts";
import { everyKindManifest } from "./support/manifests.ts";
import { nodeFleetPlan, startNodeFleet } from "./support/node-fleet.ts";
import { type ProtobufRequest, type ProtobufResponse, protobufRequest } from "./support/protobuf-request.ts";

/** They are sent or answered, but kept nowhere that could be listed; each has a test of its own below. */
const unlisted = [
  "Binding",
  "DeleteOptions",
  "Eviction",
  "LocalSubjectAccessReview",
  "PartialObjectMetadata",
  "Scale",
  "SelfSubjectAccessReview",
  "SelfSubjectReview",
  "SelfSubjectRulesReview",
  "Status",
  "SubjectAccessReview",
  "TokenRequest",
  "TokenReview",
] as const satisfies readonly (keyof Kinds)[];

const listed = (Object.keys(kinds) as (keyof Kinds)[]).filter(
  (name) => !(unlisted as readonly string[]).includes(name),
);

describe.skipIf(noAssets)("objects of the real API server", () => {
  let plane: LocalControlPlane;
  let fleet: Fleet;
  let cluster: Cluster;
  const pods = "/api/v1/namespaces/default/pods";

  beforeAll(async () => {
    plane = await startPlane();
    cluster = new Cluster(plane);
    fleet = await startNodeFleet(nodeFleetPlan(plane, 2, { delays: noDelays }));
    const kubectl = new Kubectl(plane.kubeconfigPath);
    await kubectl.apply(everyKindManifest);
    await cluster.send("POST", "/apis/certificates.k8s.io/v1/certificatesigningrequests", {
      metadata: { name: "csr" },
      spec: {
        request: Buffer.from(certificateSigningRequest("somebody", ["people"], generateKeyPair())).toString("base64"),
        signerName: "kubernetes.io/kube-apiserver-client",
        usages: ["client auth"],
        expirationSeconds: 3600,
      },
    });
    await kubectl.run("rollout", "status", "deployment/web", "daemonset/d", "--timeout=90s");
    await kubectl.run("wait", "--for=condition=Complete", "job/j", "--timeout=60s");
  });

  afterAll(async () => {
    await fleet?.stop();
    await plane?.stop();
  });

  const send = (path: string, options?: ProtobufRequest): Promise<ProtobufResponse> =>
    protobufRequest(plane, path, options);

  it.each(listed)("%s decodes and encodes to the same bytes", async (name) => {
    const kind = kinds[name] as Kind<{ metadata?: { name?: string; uid?: string } }>;
    const { status, body } = await send(await listPath(kind));
    expect(status).toBe(200);
    const { items } = splitList(unwrap(body).raw);
    expect(items.length).toBeGreaterThan(0);
    for (const raw of items) {
      const object = kind.decode(raw);
      const again = Buffer.from(kind.encode(object));
      expect(again.equals(raw), object.metadata?.name).toBe(true);
      expect(peekMeta(raw)).toMatchObject({ name: object.metadata?.name, uid: object.metadata?.uid });
    }
  });

  it("Status, of an object that is not there and of one that is not valid", async () => {
    const { status, body } = await send(`${pods}/none`);
    expect(status).toBe(404);
    const refused = same(kinds.Status, body);
    expect(refused).toMatchObject({ reason: "NotFound", code: 404, details: { name: "none", kind: "pods" } });
    const wrong = { metadata: { name: "web" }, spec: { replicas: -1 } };
    const invalid = await send("/apis/apps/v1/namespaces/default/deployments", {
      method: "POST",
      body: wrap("apps/v1", "Deployment", kinds.Deployment.encode(wrong)),
    });
    expect(same(kinds.Status, invalid.body).details?.causes?.length).toBeGreaterThan(1);
  });

  it("Scale", async () => {
    const { body } = await send("/apis/apps/v1/namespaces/default/deployments/web/scale");
    expect(same(kinds.Scale, body)).toMatchObject({ spec: { replicas: 2 }, status: { selector: "app=web" } });
  });

  it("PartialObjectMetadata", async () => {
    const accept = `${mediaTypes.protobuf};as=PartialObjectMetadata;g=meta.k8s.io;v=v1`;
    const { body } = await send("/apis/apps/v1/namespaces/default/deployments/web", { accept });
    const { metadata } = same(kinds.PartialObjectMetadata, body);
    expect(metadata).toMatchObject({ name: "web", annotations: { "example.com/note": "ümlaut €" } });
  });

  it("TokenRequest", async () => {
    const { status, body } = await send("/api/v1/namespaces/default/serviceaccounts/default/token", {
      method: "POST",
      body: encoded(kinds.TokenRequest, { spec: { expirationSeconds: 3607 } }),
    });
    expect(status).toBe(201);
    expect(same(kinds.TokenRequest, body).status?.token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it("Binding, Eviction and DeleteOptions are understood", async () => {
    // No scheduler of this name: the pod waits for our Binding.
    await cluster.createPod("default", "bound", "nowhere", { spec: { schedulerName: "test", nodeSelector: {} } });
    const bound = await send(`${pods}/bound/binding`, {
      method: "POST",
      body: encoded(kinds.Binding, { metadata: { name: "bound" }, target: { kind: "Node", name: "audit-00001" } }),
    });
    expect(bound.status).toBe(201);
    const pod = await cluster.podWhen("default", "bound", isReady);
    expect(pod.spec?.["nodeName"]).toBe("audit-00001");

    const evicted = await send(`${pods}/bound/eviction`, {
      method: "POST",
      body: encoded(kinds.Eviction, {
        metadata: { name: "bound", namespace: "default" },
        deleteOptions: { preconditions: { uid: "another" } },
      }),
    });
    expect([evicted.status, same(kinds.Status, evicted.body).reason]).toEqual([409, "Conflict"]);
    const kept = await send(`${pods}/bound`, {
      method: "DELETE",
      body: encoded(kinds.DeleteOptions, { preconditions: { uid: "another" } }),
    });
    expect([kept.status, same(kinds.Status, kept.body).reason]).toEqual([409, "Conflict"]);
    const deleted = await send(`${pods}/bound`, {
      method: "DELETE",
      body: encoded(kinds.DeleteOptions, { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } }),
    });
    expect(deleted.status).toBe(200);
    await cluster.podGone("default", "bound");
  });

  it("a Lease that we encode comes back as we meant it", async () => {
    const renewTime = microTimeFromMs(Date.now());
    const spec = { holderIdentity: "n1", leaseDurationSeconds: 40, renewTime };
    const { status, body } = await send("/apis/coordination.k8s.io/v1/namespaces/default/leases", {
      method: "POST",
      body: encoded(kinds.Lease, { metadata: { name: "n1", namespace: "default" }, spec }),
    });
    expect(status).toBe(201);
    expect(same(kinds.Lease, body).spec).toMatchObject(spec);
  });

  it("an object with one field spliced is taken, and keeps all others", async () => {
    const path = "/api/v1/namespaces/default/configmaps/spliced";
    const metadata = { name: "spliced", labels: { a: "b" } };
    await cluster.send("POST", "/api/v1/namespaces/default/configmaps", { metadata, data: { kept: "yes" } });
    const { raw } = unwrap((await send(path)).body);
    // ConfigMap.immutable is field 4.
    const spliced = splice(raw, [{ path: [4], value: { wire: "varint", value: 1 } }]);
    const put = await send(path, { method: "PUT", body: wrap("v1", "ConfigMap", spliced) });
    expect(put.status).toBe(200);
    expect(await cluster.send("GET", path)).toMatchObject({ metadata, data: { kept: "yes" }, immutable: true });
  });

  it("a watch's frames: the state, then the bookmark that ends it", async () => {
    const options = "watch=1&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
    const { body } = await send(`/api/v1/pods?${options}&timeoutSeconds=2`);
    const { items } = splitList(unwrap((await send("/api/v1/pods")).body).raw);
    const frames: { type: string; name: string; initialEnd: boolean }[] = [];
    const splitter = new WatchFrameSplitter();
    // In pieces that no frame ends with.
    for (let at = 0; at < body.length; at += 1000) {
      splitter.push(body.subarray(at, at + 1000), ({ type, raw }) => {
        frames.push({ type, name: peekMeta(raw).name, initialEnd: hasAnnotation(raw, "k8s.io/initial-events-end") });
      });
    }
    expect(splitter.pendingBytes).toBe(0);
    const end = frames.findIndex(({ initialEnd }) => initialEnd);
    expect(frames[end]?.type).toBe("BOOKMARK");
    expect(frames.slice(0, end).every(({ type }) => type === "ADDED")).toBe(true);
    expect(
      frames
        .slice(0, end)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(items.map((raw) => peekMeta(raw).name).sort());
  });

  const paths = new Map<string, string>();

  /** Where the objects of a kind are listed, as the server's discovery says. */
  async function listPath({ apiVersion, kind }: Kind<unknown>): Promise<string> {
    const base = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
    if (!paths.has(`${apiVersion}/${kind}`)) {
      const found: unknown = await cluster.send("GET", base);
      const { resources } = found as { resources: readonly { name: string; kind: string }[] };
      for (const resource of resources) {
        if (!resource.name.includes("/")) paths.set(`${apiVersion}/${resource.kind}`, `${base}/${resource.name}`);
      }
    }
    const path = paths.get(`${apiVersion}/${kind}`);
    if (path === undefined) throw new Error(`the server does not list ${kind} of ${apiVersion}`);
    return path;
  }
});

function encoded<T>(kind: Kind<T>, object: T): Uint8Array {
  return wrap(kind.apiVersion, kind.kind, kind.encode(object));
}

/** The object of an answer, which must encode to the bytes it came in. */
function same<T>(kind: Kind<T>, body: Buffer): T {
  const { raw, kind: name } = unwrap(body);
  expect(name).toBe(kind.kind);
  const object = kind.decode(raw);
  expect(Buffer.from(kind.encode(object)).equals(raw)).toBe(true);
  return object;
}
