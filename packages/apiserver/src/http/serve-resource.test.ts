import { protobufToJson, splitList, unwrap, WatchFrameSplitter } from "@hollowfleet/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EmbeddedApiServer } from "../embedded-apiserver.ts";
import { createTestClient, type TestClient } from "./testing/client.ts";
import { admin, authority, node, startTestServer, userToken } from "./testing/server.ts";

const protobuf = "application/vnd.kubernetes.protobuf";
const asTable = "application/json;as=Table;v=v1;g=meta.k8s.io";

let server: EmbeddedApiServer;
let client: TestClient;
beforeAll(async () => {
  server = await startTestServer();
  client = createTestClient(server.url);
});
afterAll(async () => {
  client.close();
  await server.close();
});

function configMap(name: string, data: Record<string, string> = { a: "b" }) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}

const configMaps = "/api/v1/namespaces/default/configmaps";

describe("a request to a resource", () => {
  it("creates, reads, changes, lists and deletes in JSON", async () => {
    const created = await client.send("POST", configMaps, configMap("json"));
    expect(created.status).toBe(201);
    expect(created.headers["content-type"]).toBe("application/json");
    expect(created.headers["audit-id"]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(created.headers["cache-control"]).toBe("no-cache, private");
    expect(created.body.toString()).toMatch(/^\{"kind":"ConfigMap","apiVersion":"v1","metadata":\{.*\n$/s);
    const patched = await client.send(
      "PATCH",
      `${configMaps}/json`,
      { data: { c: "d" } },
      { "content-type": "application/merge-patch+json" },
    );
    expect(patched.json()).toMatchObject({ data: { a: "b", c: "d" } });
    const put = await client.send("PUT", `${configMaps}/json`, configMap("json", { e: "f" }));
    expect(put.json()).toMatchObject({ data: { e: "f" } });
    const read = await client.get(`${configMaps}/json`);
    expect(read.json()).toEqual(put.json());
    const list = (await client.get(`${configMaps}?fieldSelector=metadata.name%3Djson`)).json<{ items: object[] }>();
    expect(list).toMatchObject({ kind: "ConfigMapList", apiVersion: "v1", items: [{ data: { e: "f" } }] });
    expect(list.items[0]).not.toHaveProperty("kind");
    const deleted = await client.send("DELETE", `${configMaps}/json`);
    expect(deleted.json()).toMatchObject({ kind: "Status", status: "Success" });
    expect((await client.get(`${configMaps}/json`)).status).toBe(404);
  });

  it("speaks protobuf both ways", async () => {
    await client.send("POST", configMaps, configMap("wire"));
    const read = await client.get(`${configMaps}/wire`, { accept: protobuf });
    expect(read.headers["content-type"]).toBe(protobuf);
    const { apiVersion, kind, raw } = unwrap(read.body);
    expect(protobufToJson(apiVersion, kind, raw)).toMatchObject({ kind: "ConfigMap", data: { a: "b" } });
    const put = await client.send("PUT", `${configMaps}/wire`, read.body, { "content-type": protobuf });
    expect(put.json()).toMatchObject({ metadata: { name: "wire" }, data: { a: "b" } });
    const list = unwrap((await client.get(configMaps, { accept: protobuf })).body);
    expect(list.kind).toBe("ConfigMapList");
    const items = splitList(list.raw).items.map((item) => protobufToJson("v1", "ConfigMap", item));
    expect(items).toContainEqual(put.json());
  });

  it("answers errors in the form that was asked for", async () => {
    const status = unwrap((await client.get(`${configMaps}/none`, { accept: protobuf })).body);
    expect(protobufToJson("v1", "Status", status.raw)).toMatchObject({
      message: 'configmaps "none" not found',
      reason: "NotFound",
      details: { name: "none", kind: "configmaps" },
      code: 404,
    });
  });

  it("writes for people", async () => {
    const { body } = await client.get("/api/v1/namespaces/default", { "user-agent": "curl/8.5.0" });
    expect(body.toString()).toMatch(/^\{\n {2}"kind": "Namespace",\n/);
  });

  it("makes tables and partial objects", async () => {
    const table = (await client.get("/api/v1/namespaces?limit=1", { accept: asTable })).json<{
      columnDefinitions: { name: string }[];
      rows: { cells: unknown[]; object: { kind: string } }[];
    }>();
    expect(table).toMatchObject({ kind: "Table", apiVersion: "meta.k8s.io/v1", metadata: { remainingItemCount: 3 } });
    expect(table.columnDefinitions.map(({ name }) => name)).toEqual(["Name", "Status", "Age"]);
    expect(table.rows[0]?.cells.slice(0, 2)).toEqual(["default", "Active"]);
    expect(table.rows[0]?.object.kind).toBe("PartialObjectMetadata");
    const partial = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
    const one = await client.get("/api/v1/namespaces/default", { accept: partial });
    expect(one.json()).toMatchObject({ kind: "PartialObjectMetadata", metadata: { name: "default" } });
    expect((await client.get("/api/v1/namespaces", { accept: partial })).status).toBe(406);
    const many = await client.get("/api/v1/namespaces", { accept: `${partial.replace("Metadata", "MetadataList")}` });
    expect(many.json<{ items: object[] }>().items).toHaveLength(4);
    expect((await client.get("/api/v1/namespaces?includeObject=All", { accept: asTable })).status).toBe(400);
  });

  it("compresses long answers, if that is asked for", async () => {
    await client.send("POST", configMaps, configMap("long", { text: "x".repeat(200_000) }));
    const zipped = await client.get(`${configMaps}/long`, { "accept-encoding": "gzip" });
    expect(zipped.headers["content-encoding"]).toBe("gzip");
    expect(zipped.body.length).toBeLessThan(10_000);
    expect((await client.get(`${configMaps}/long`)).headers["content-encoding"]).toBeUndefined();
    expect(
      (await client.get(`${configMaps}/wire`, { "accept-encoding": "gzip" })).headers["content-encoding"],
    ).toBeUndefined();
  });

  it("warns of fields that do not exist, or refuses them", async () => {
    const body = '{"metadata":{"name":"warned"},"data":{},"data":{"a":"b"},"spec":{}}';
    const warned = await client.send("POST", `${configMaps}?dryRun=All`, body);
    expect(warned.status).toBe(201);
    expect(warned.headers["warning"]).toContain('299 - "unknown field \\"spec\\""');
    expect(warned.headers["warning"]).toContain('299 - "duplicate field \\"data\\""');
    expect(warned.json()).not.toHaveProperty("spec");
    const strict = await client.send("POST", `${configMaps}?fieldValidation=Strict`, body);
    expect(strict.status).toBe(400);
    expect(strict.json()["message"]).toContain('strict decoding error: unknown field "spec"');
    const ignored = await client.send("POST", `${configMaps}?dryRun=All&fieldValidation=Ignore`, body);
    expect([ignored.status, ignored.headers["warning"]]).toEqual([201, undefined]);
  });

  it("takes DeleteOptions of any group, in JSON and protobuf", async () => {
    const refused = { preconditions: { uid: "other" } };
    for (const apiVersion of ["v1", "meta.k8s.io/v1", "apps/v1"]) {
      const body = { apiVersion, kind: "DeleteOptions", ...refused };
      expect((await client.send("DELETE", `${configMaps}/wire`, body)).status).toBe(409);
    }
    expect((await client.send("DELETE", `${configMaps}/wire`, { kind: "Pod" })).status).toBe(400);
    expect((await client.send("DELETE", `${configMaps}/wire?gracePeriodSeconds=x`)).status).toBe(400);
    const dry = await client.send("DELETE", `${configMaps}/wire?dryRun=All`);
    expect(dry.status).toBe(200);
    expect((await client.get(`${configMaps}/wire`)).status).toBe(200);
  });

  it.each([
    ["GET", "/api/v1/gadgets", 404, "NotFound", "the server could not find the requested resource"],
    [
      "POST",
      "/api/v1/pods",
      405,
      "MethodNotAllowed",
      "the server does not allow this method on the requested resource",
    ],
    ["GET", "/api/v1/namespaces/default/pods/p/log", 404, "NotFound", 'pods "p" not found'],
    ["GET", "/api/v1/nodes/n/proxy", 404, "NotFound", "the server could not find the requested resource"],
  ])("answers %s %s with %i", async (method, path, code, reason, message) => {
    const reply = await client.send(method, path);
    expect(reply.status).toBe(code);
    expect(reply.json()).toMatchObject({ kind: "Status", status: "Failure", reason, code });
    expect(reply.json()["message"]).toMatch(message);
  });

  it("has no logs of pods that are there", async () => {
    await client.send("POST", "/api/v1/namespaces/default/serviceaccounts", { metadata: { name: "default" } });
    const pod = { metadata: { name: "talkative" }, spec: { containers: [{ name: "c", image: "i" }] } };
    expect((await client.send("POST", "/api/v1/namespaces/default/pods", pod)).status).toBe(201);
    const reply = await client.get("/api/v1/namespaces/default/pods/talkative/log");
    expect([reply.status, reply.json()["message"]]).toEqual([501, "logs are not simulated by the embedded API server"]);
  });

  it("answers an unknown group as a page that is not there", async () => {
    const reply = await client.get("/apis/gadgets.example/v1/gadgets");
    expect([reply.status, reply.body.toString()]).toEqual([404, "404 page not found\n"]);
  });
});

describe("who asks", () => {
  const selfReview = async (asking: TestClient, headers = {}): Promise<unknown> => {
    const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    return (await asking.send("POST", path, body, headers)).json<{ status?: { userInfo: unknown } }>().status?.userInfo;
  };

  it("is told by the client certificate", async () => {
    const own = createTestClient(server.url, node);
    expect(await selfReview(own)).toMatchObject({
      username: "system:node:hollow-1",
      groups: ["system:nodes", "system:authenticated"],
    });
    own.close();
  });

  it("is told by impersonation headers, each group by itself", async () => {
    const headers = { "impersonate-user": "joe", "impersonate-group": ["a", "b"] };
    expect(await selfReview(client, headers)).toMatchObject({
      username: "joe",
      groups: ["a", "b", "system:authenticated"],
    });
  });

  it("is refused when the certificate is of another authority, and the token wrong", async () => {
    const { createAuthority } = await import("@hollowfleet/pki");
    const stranger = createAuthority({ commonName: "stranger" }).issue({ commonName: "admin", usage: "client" });
    const forged = createTestClient(server.url, stranger);
    const refused = await forged.get("/version");
    expect([refused.status, refused.json()["reason"]]).toEqual([401, "Unauthorized"]);
    forged.close();
    const withToken = createTestClient(server.url, { ...stranger, token: userToken });
    expect((await withToken.get("/version")).status).toBe(200);
    withToken.close();
    const wrongToken = createTestClient(server.url, { token: "wrong" });
    expect((await wrongToken.get("/version")).status).toBe(401);
    wrongToken.close();
  });

  it("is anonymous without any proof", async () => {
    const nobody = createTestClient(server.url, { token: "" });
    expect((await nobody.get("/version")).status).toBe(200);
    nobody.close();
    const again = createTestClient(server.url, { token: "" });
    const refused = await again.get("/api/v1/pods");
    expect(refused.status).toBe(403);
    expect(refused.headers["x-content-type-options"]).toBe("nosniff");
    expect(refused.json()["message"]).toBe(
      'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
    );
    again.close();
  });

  it("decides what may be done, before what there is", async () => {
    const jane = createTestClient(server.url, { token: userToken });
    const messages = await Promise.all(
      ["/api/v1/namespaces/default/gadgets", "/apis/none/v1/things", "/metrics", "/api/v1/namespaces/default"].map(
        async (path) => {
          const reply = await jane.get(path);
          expect(reply.status).toBe(403);
          return reply.json()["message"];
        },
      ),
    );
    expect(messages).toEqual([
      'gadgets is forbidden: User "jane" cannot list resource "gadgets" in API group "" in the namespace "default"',
      'things.none is forbidden: User "jane" cannot list resource "things" in API group "none" at the cluster scope',
      'forbidden: User "jane" cannot get path "/metrics"',
      'namespaces "default" is forbidden: User "jane" cannot get resource "namespaces" in API group "" in the namespace "default"',
    ]);
    jane.close();
  });

  it("may come by certificate or HTTP/1.1", async () => {
    const { request } = await import("node:https");
    const body = await new Promise<string>((resolve, reject) => {
      const options = { ca: authority.certPem, cert: admin.certPem, key: admin.keyPem };
      const sent = request(`${server.url}/api/v1/namespaces/default`, options, (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => resolve(`${response.httpVersion} ${response.statusCode} ${text}`));
      });
      sent.on("error", reject);
      sent.end();
    });
    expect(body).toMatch(/^1\.1 200 \{"kind":"Namespace"/);
  });
});

describe("a watch", () => {
  const watched = `${configMaps}?watch=true&resourceVersion=`;

  it("sends its head at once, and each change as a line", async () => {
    const { resourceVersion } = (await client.get(configMaps)).json<{ metadata: { resourceVersion: string } }>()
      .metadata;
    const watch = await client.open(`${watched}${resourceVersion}`);
    expect([watch.status, watch.headers["content-type"]]).toEqual([200, "application/json"]);
    await client.send("POST", configMaps, configMap("watched"));
    const added = await watch.event();
    expect(added).toMatchObject({ type: "ADDED", object: { kind: "ConfigMap", metadata: { name: "watched" } } });
    await client.send("DELETE", `${configMaps}/watched`);
    expect((await watch.event()).type).toBe("DELETED");
    expect(server.stats().openWatches).toBe(1);
    watch.stream.close();
    await expect.poll(() => server.stats().openWatches).toBe(0);
  });

  it("speaks protobuf", async () => {
    const watch = await client.open(`${configMaps}?watch=true`, { accept: `${protobuf};stream=watch` });
    expect(watch.headers["content-type"]).toBe(`${protobuf};stream=watch`);
    const frames = new WatchFrameSplitter();
    const first = new Promise<string>((resolve) => {
      watch.stream.on("data", (chunk: Buffer) => {
        frames.push(chunk, ({ type, apiVersion, kind, raw }) => {
          const { metadata } = protobufToJson(apiVersion, kind, raw) as { metadata?: { name?: string } };
          resolve(`${type} ${kind} ${metadata?.name}`);
        });
      });
    });
    await client.send("POST", configMaps, configMap("a-first"));
    expect(await first).toMatch(/^ADDED ConfigMap /);
    watch.stream.close();
  });

  it("sends tables, whose columns are named once", async () => {
    const watch = await client.open("/api/v1/namespaces?watch=true", { accept: asTable });
    const [first, second] = [await watch.event(), await watch.event()];
    expect(first).toMatchObject({ type: "ADDED", object: { kind: "Table" } });
    expect(first.object.columnDefinitions).toHaveLength(3);
    expect(second.object.columnDefinitions).toBeNull();
    expect(second.object.rows).toHaveLength(1);
    watch.stream.close();
  });

  it("is refused before its head is sent", async () => {
    const reply = await client.get(`${configMaps}?watch=true&labelSelector=((`);
    expect(reply.status).toBe(400);
    expect((await client.get(`${configMaps}?watch=true`, { accept: "text/html" })).status).toBe(406);
  });

  it("ends with its time", async () => {
    const watch = await client.open(`${watched}0&timeoutSeconds=1`);
    const types = new Set<string>();
    for (let line = await watch.line(); line !== undefined; line = await watch.line()) types.add(JSON.parse(line).type);
    expect([...types]).toEqual(["ADDED"]);
    expect(watch.stream.rstCode).toBe(0);
  });
});
