import type { LocalControlPlane } from "@hollowfleet/controlplane";
import type { Fleet } from "@hollowfleet/fleet";
import { noDelays } from "@hollowfleet/kubelet";
import { certificateSigningRequest, generateKeyPair } from "@hollowfleet/pki";
import {
  CodecError,
  type JsonObject,
  jsonToProtobuf,
  type Kinds,
  kinds,
  mediaTypes,
  normalizeJson,
  protobufToJson,
  publishedSchemas,
  quantityText,
  splitList,
  unwrap,
  wrap,
} from "@hollowfleet/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAssets } from "./support/assets.ts";
import { Cluster } from "./support/cluster.ts";
import { eventually } from "./support/eventually.ts";
import { Kubectl } from "./support/kubectl.ts";
import { startPlane } from "./support/local-plane.ts";
import { everyKindManifest } from "./support/manifests.ts";
import { nodeFleetPlan, startNodeFleet } from "./support/node-fleet.ts";
import { protobufRequest } from "./support/protobuf-request.ts";
import { rawRequest } from "./support/raw-request.ts";

/** Sent or answered, but kept nowhere that could be listed. */
const unlisted: ReadonlySet<string> = new Set<keyof Kinds>([
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
]);

const listed = Object.entries(kinds).filter(([name]) => !unlisted.has(name));

interface Stored extends JsonObject {
  metadata: { name: string; namespace?: string; resourceVersion: string };
}

interface Components {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Schema {
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Without what our copy leaves out: descriptions, and enums, which a running server adds to what is published. */
function trimmed({
  description: _,
  enum: __,
  items,
  additionalProperties: values,
  properties,
  ...rest
}: Schema): object {
  const plain = Object.entries(properties ?? {}).map(([name, property]) => [name, trimmed(property)]);
  return {
    ...rest,
    ...(items !== undefined && { items: trimmed(items) }),
    ...(values !== undefined && { additionalProperties: trimmed(values) }),
    ...(properties !== undefined && { properties: Object.fromEntries(plain) }),
  };
}

describe.skipIf(noAssets)("the JSON of the real API server", () => {
  let plane: LocalControlPlane;
  let fleet: Fleet;
  let cluster: Cluster;

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
      },
    });
    await kubectl.run("rollout", "status", "deployment/web", "daemonset/d", "--timeout=90s");
    await kubectl.run("wait", "--for=condition=Complete", "job/j", "--timeout=60s");
  });

  afterAll(async () => {
    await fleet?.stop();
    await plane?.stop();
  });

  describe.each(listed)("%s", (_name, { apiVersion, kind }) => {
    it("is read from protobuf as the server writes it in JSON", async () => {
      // Until both lists are of one moment, at least for one object.
      await eventually(async () => {
        const asProtobuf = (await protobufItems(apiVersion, kind)).map((raw) => protobufToJson(apiVersion, kind, raw));
        const asJson = await jsonItems(apiVersion, kind);
        const same = asJson.filter((object) => find(asProtobuf, object) !== undefined);
        expect(same.length).toBeGreaterThan(0);
        for (const object of same) expect(find(asProtobuf, object)).toEqual(object);
      });
    });

    it("is unchanged by being normalized, and by a way through protobuf", async () => {
      for (const object of await jsonItems(apiVersion, kind)) {
        expect(normalizeJson(object)).toEqual(object);
        expect(protobufToJson(apiVersion, kind, jsonToProtobuf(object))).toEqual(object);
      }
    });

    it("is nothing new to the server when put back as our protobuf", async () => {
      await eventually(async () => {
        const object = (await jsonItems(apiVersion, kind))[0] as Stored;
        const path = await objectPath(object);
        const body = wrap(apiVersion, kind, jsonToProtobuf(object));
        const put = await protobufRequest(plane, path, { method: "PUT", body, accept: mediaTypes.json });
        expect(put.status, put.body.toString()).toBe(200);
        // An update that changes nothing is not written, so it gets no new version.
        const { resourceVersion } = object.metadata;
        expect((JSON.parse(put.body.toString()) as Stored).metadata.resourceVersion).toBe(resourceVersion);
      });
    });
  });

  it("the schemas are those that this server publishes", async () => {
    const { paths } = (await document("/openapi/v3")) as {
      readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>>;
    };
    const published = new Map<string, unknown>();
    for (const path of new Set(listed.map(([, { apiVersion }]) => apiVersion))) {
      const url = paths[path === "v1" ? "api/v1" : `apis/${path}`]?.serverRelativeURL ?? "";
      const { components } = (await document(url)) as Components;
      for (const [name, schema] of Object.entries(components.schemas)) published.set(name, trimmed(schema));
    }
    const { schemas } = publishedSchemas();
    for (const [name, schema] of Object.entries(schemas)) {
      // The reviews are of groups of which nothing is listed; these two name the groups of their document.
      if (!published.has(name) || /\.(?:DeleteOptions|WatchEvent)$/.test(name)) continue;
      expect({ [name]: schema }).toEqual({ [name]: published.get(name) });
    }
    expect(Object.keys(schemas).filter((name) => published.has(name)).length).toBeGreaterThan(300);
  });

  it("quantities are written as the server writes them", async () => {
    const texts = [
      "0",
      "1",
      "+1",
      "01",
      "1.0",
      "1.5",
      "1.500",
      "0.5",
      "100m",
      "1000m",
      "1500m",
      "1k",
      "1000",
      "12e3",
      "1E3",
    ];
    const more = [
      "1e1",
      "1Ki",
      "1024",
      "1024Ki",
      "8Ki",
      "1536Mi",
      "0.5Mi",
      "5.Ki",
      "1.5Gi",
      "1000Mi",
      "7Ei",
      "0.0",
      "00",
    ];
    for (const text of [...texts, ...more]) {
      const quota = { metadata: { name: "quantities" }, spec: { hard: { "requests.cpu": text } } };
      const { body } = await create("/api/v1/namespaces/default/resourcequotas", quota);
      const { spec } = body as { spec?: { hard: Record<string, string> } };
      expect([text, quantityText(text)]).toEqual([text, spec?.hard["requests.cpu"] ?? body]);
    }
  });

  const container = { name: "c", image: "i" };
  const wrong: readonly (readonly [string, string, string, object])[] = [
    ["v1", "Pod", "pods", { metadata: { name: 1 } }],
    ["v1", "Pod", "pods", { metadata: [] }],
    ["v1", "Pod", "pods", { metadata: { labels: { a: 1 } } }],
    ["v1", "Pod", "pods", { metadata: { labels: ["a"] } }],
    ["v1", "Pod", "pods", { metadata: { finalizers: [1] } }],
    ["v1", "Pod", "pods", { metadata: { creationTimestamp: "yesterday" } }],
    ["v1", "Pod", "pods", { metadata: { creationTimestamp: "2026-02-30T00:00:00Z" } }],
    ["v1", "Pod", "pods", { metadata: { creationTimestamp: 5 } }],
    ["v1", "Pod", "pods", { spec: "x" }],
    ["v1", "Pod", "pods", { spec: { restartPolicy: 1 } }],
    ["v1", "Pod", "pods", { spec: { hostNetwork: "yes" } }],
    ["v1", "Pod", "pods", { spec: { containers: {} } }],
    ["v1", "Pod", "pods", { spec: { containers: ["c"] } }],
    ["v1", "Pod", "pods", { spec: { containers: [{ ...container, ports: [{ containerPort: "80" }] }] } }],
    ["v1", "Pod", "pods", { spec: { containers: [{ ...container, resources: { limits: { cpu: "much" } } }] } }],
    ["v1", "Pod", "pods", { spec: { containers: [{ ...container, resources: { limits: { cpu: "1Q" } } }] } }],
    ["v1", "Pod", "pods", { spec: { containers: [{ ...container, resources: { limits: { cpu: "1Kii" } } }] } }],
    ["v1", "Pod", "pods", { spec: { containers: [{ ...container, resources: { limits: [] } }] } }],
    ["v1", "Pod", "pods", { spec: { priority: 1.5 } }],
    ["v1", "Pod", "pods", { spec: { priority: 3_000_000_000 } }],
    ["v1", "Pod", "pods", { spec: { volumes: [{ name: "v", configMap: { name: true } }] } }],
    ["v1", "Pod", "pods", { spec: { containers: [{ ...container, livenessProbe: { httpGet: { port: true } } }] } }],
    ["v1", "Secret", "secrets", { data: { a: "%" } }],
    ["v1", "Secret", "secrets", { data: { a: 1 } }],
    ["apps/v1", "Deployment", "deployments", { spec: { replicas: "2" } }],
    ["apps/v1", "Deployment", "deployments", { spec: { strategy: { rollingUpdate: { maxSurge: 1.5 } } } }],
    ["coordination.k8s.io/v1", "Lease", "leases", { spec: { renewTime: "2026-01-01T00:00:00Z" } }],
  ];

  it.each(wrong)(
    "what is no %s %s is refused in the server's words: %s %j",
    async (apiVersion, kind, resource, body) => {
      const base = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
      const object = { apiVersion, kind, ...body };
      const answer = await create(`${base}/namespaces/default/${resource}`, object);
      expect(answer.status).toBe(400);
      const version = apiVersion.replace(/.*\//, "");
      const start = `${kind} in version "${version}" cannot be handled as a ${kind}: `;
      expect((answer.body as { message: string }).message).toBe(start + faultOf(() => normalizeJson(object)));
      expect(faultOf(() => jsonToProtobuf(object))).toBe(faultOf(() => normalizeJson(object)));
    },
  );

  async function document(path: string): Promise<unknown> {
    const { body } = await protobufRequest(plane, path, { accept: mediaTypes.json });
    return JSON.parse(body.toString());
  }

  function create(path: string, object: object): Promise<{ readonly status: number; readonly body: unknown }> {
    return rawRequest(plane.endpoint, plane.admin, "POST", `${path}?dryRun=All`, object);
  }

  const resources = new Map<string, { readonly path: string; readonly namespaced: boolean }>();

  async function resourceOf(apiVersion: string, kind: string) {
    const base = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
    const key = `${apiVersion}/${kind}`;
    if (!resources.has(key)) {
      const found = (await cluster.send("GET", base)) as unknown as {
        readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
      };
      for (const { name, kind, namespaced } of found.resources) {
        if (!name.includes("/")) resources.set(`${apiVersion}/${kind}`, { path: `${base}/${name}`, namespaced });
      }
    }
    const resource = resources.get(key);
    if (resource === undefined) throw new Error(`the server does not list ${kind} of ${apiVersion}`);
    return resource;
  }

  async function protobufItems(apiVersion: string, kind: string): Promise<readonly Uint8Array[]> {
    const { body } = await protobufRequest(plane, (await resourceOf(apiVersion, kind)).path);
    return splitList(unwrap(body).raw).items;
  }

  async function jsonItems(apiVersion: string, kind: string): Promise<readonly JsonObject[]> {
    const items = await cluster.list((await resourceOf(apiVersion, kind)).path);
    return items.map((item) => ({ ...item, apiVersion, kind }));
  }

  async function objectPath({ apiVersion, kind, metadata }: Stored): Promise<string> {
    const { path, namespaced } = await resourceOf(apiVersion, kind);
    if (!namespaced) return `${path}/${metadata.name}`;
    const at = path.lastIndexOf("/");
    return `${path.slice(0, at)}/namespaces/${metadata.namespace}${path.slice(at)}/${metadata.name}`;
  }
});

function find(objects: readonly JsonObject[], sought: JsonObject): JsonObject | undefined {
  const { namespace, name, resourceVersion } = (sought as Stored).metadata;
  return objects.find((object) => {
    const { metadata } = object as Stored;
    return metadata.namespace === namespace && metadata.name === name && metadata.resourceVersion === resourceVersion;
  });
}

function faultOf(convert: () => unknown): string {
  try {
    convert();
  } catch (error) {
    if (error instanceof CodecError) return error.message;
    throw error;
  }
  throw new Error("it was taken");
}
