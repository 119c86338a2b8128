import { once } from "node:events";
import { connect as connectTls, type TLSSocket } from "node:tls";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EmbeddedApiServer } from "../embedded-apiserver.ts";
import { createTestClient, type Reply, type TestClient } from "./testing/client.ts";
import { openRawHttp2 } from "./testing/raw-http2.ts";
import { adminToken, authority, startTestServer } from "./testing/server.ts";

const protobuf = "application/vnd.kubernetes.protobuf";
const configMaps = "/api/v1/namespaces/default/configmaps";

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

/** A refusal as every client understands it. */
function expectStatus(reply: Reply): void {
  expect(reply.status).toBeGreaterThanOrEqual(400);
  expect(reply.status).toBeLessThan(500);
  expect(reply.json()).toMatchObject({ kind: "Status", apiVersion: "v1", status: "Failure", code: reply.status });
}

async function stored(): Promise<number> {
  return (await client.get(configMaps)).json<{ items: unknown[] }>().items.length;
}

const enveloped = (rest: number[]) => Buffer.from([0x6b, 0x38, 0x73, 0x00, ...rest]);

describe("what cannot be understood", () => {
  it.each<[string, string | Uint8Array, string?]>([
    ["no body", ""],
    ["no JSON", "{"],
    ["JSON that is no object", "[]"],
    ["a number", "1"],
    ["null", "null"],
    ["invalid UTF-8 for a name", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ["a kind that is no text", '{"kind":1}'],
    ["another kind", '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"}}'],
    ["an unknown kind", '{"kind":"Gadget","apiVersion":"v1"}'],
    ["another version", '{"kind":"ConfigMap","apiVersion":"v2"}'],
    ["metadata that are none", '{"metadata":[]}'],
    ["a wrong type deep inside", '{"metadata":{"name":"a"},"data":{"a":1}}'],
    ["deep nesting", `{"metadata":{"name":"a"},"x":${"[".repeat(50_000)}${"]".repeat(50_000)}}`],
    ["deep nesting of objects", `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`],
    ["a bad name", '{"metadata":{"name":"../.."}}'],
    ["a prototype", '{"metadata":{"name":"a","labels":{"__proto__":{"x":1}}}}'],
    ["no protobuf", "{}", protobuf],
    ["only the beginning of protobuf", enveloped([]), protobuf],
    ["a length beyond the end", enveloped([0x12, 0xff, 0xff, 0xff, 0xff, 0x0f]), protobuf],
    ["an endless varint", enveloped(new Array(40).fill(0xff)), protobuf],
    [
      "protobuf of another kind",
      enveloped([0x0a, 0x09, 0x0a, 0x02, 0x76, 0x31, 0x12, 0x03, 0x50, 0x6f, 0x64]),
      protobuf,
    ],
    ["YAML", "kind: ConfigMap", "application/yaml"],
    ["a form", "a=b", "application/x-www-form-urlencoded"],
  ])("is refused as a body to create: %s", async (_, body, contentType = "application/json") => {
    const before = await stored();
    expectStatus(await client.send("POST", configMaps, body, { "content-type": contentType }));
    expect(await stored()).toBe(before);
  });

  it.each([
    ["application/json", "{}", 415],
    ["application/apply-patch+yaml", "a: b", 415],
    ["application/merge-patch+json", "{", 400],
    ["application/merge-patch+json", "[]", 400],
    ["application/json-patch+json", "{}", 400],
    ["application/json-patch+json", '[{"op":"move","path":"/metadata"}]', 422],
    ["application/strategic-merge-patch+json", '{"metadata":{"name":"other"}}', 400],
    ["application/strategic-merge-patch+json", '{"metadata":1}', 422],
  ])("is refused as a patch: %s %s", async (contentType, body, code) => {
    const path = "/api/v1/namespaces/default";
    const before = (await client.get(path)).json();
    const reply = await client.send("PATCH", path, body, { "content-type": contentType });
    expectStatus(reply);
    expect(reply.status).toBe(code);
    expect((await client.get(path)).json()).toEqual(before);
  });

  it.each([
    ["/api/v1/pods/%zz"],
    ["/api/v1/pods?limit=many"],
    ["/api/v1/pods?labelSelector=a%3D%3D%3Db"],
    ["/api/v1/pods?fieldSelector=spec.gadget%3D1"],
    ["/api/v1/pods?continue=nonsense"],
    ["/api/v1/pods?resourceVersionMatch=Exact"],
    ["/api/v1/pods?watch=1&sendInitialEvents=true"],
  ])("is refused in a path or query: %s", async (path) => {
    expectStatus(await client.get(path));
  });

  it("is never answered with more than a refusal, whatever the body", async () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.uint8Array({ maxLength: 60 }).map((tail) => enveloped([...tail])),
    );
    const contentType = fc.constantFrom("application/json", protobuf, "application/merge-patch+json");
    const before = await stored();
    await fc.assert(
      fc.asyncProperty(body, contentType, async (bytes, type) => {
        const method = type.includes("patch") ? "PATCH" : "POST";
        const path = method === "PATCH" ? `${configMaps}/none` : configMaps;
        expectStatus(await client.send(method, path, bytes, { "content-type": type }));
      }),
      { numRuns: 150, seed: 7 },
    );
    expect(await stored()).toBe(before);
  });
});

describe("what is too much", () => {
  it("is refused: a body beyond 3 MiB, declared or not", async () => {
    const body = Buffer.alloc(3 * 1024 * 1024 + 1, 0x20);
    for (const headers of [{}, { "content-length": body.length }]) {
      const reply = await client.send("POST", configMaps, body, { "content-type": "application/json", ...headers });
      expectStatus(reply);
      expect([reply.status, reply.json()["message"]]).toEqual([413, "Request entity too large: limit is 3145728"]);
    }
    expect((await client.get("/readyz")).status).toBe(200);
  });

  it("costs the stream, not the server: headers without end", async () => {
    const greedy = createTestClient(server.url);
    greedy.session.on("error", () => undefined);
    await greedy.get("/version", { "x-long": "x".repeat(200_000) }).then(
      (reply) => expect(reply.status).toBeGreaterThanOrEqual(400),
      (error: Error) => expect(error).toBeInstanceOf(Error),
    );
    greedy.close();
    expect((await client.get("/readyz")).status).toBe(200);
  });
});

describe("a client that breaks off", () => {
  const cases = [8, 0].flatMap((code) =>
    ["", '{"metadata":{"name":"cut"', '{"metadata":{"name":"cut"}}'].map((body) => [code, body] as const),
  );

  it.each(cases)("leaves nothing half-written: it resets with %i after %j", async (code, body) => {
    await client.send("POST", configMaps, { metadata: { name: "kept" } });
    const raw = await openRawHttp2(server.port);
    const own = {
      ":scheme": "https",
      ":authority": "localhost",
      authorization: `Bearer ${adminToken}`,
      "content-type": "application/json",
    };
    raw.headers(1, { ":method": "POST", ":path": configMaps, ...own });
    raw.headers(3, { ":method": "DELETE", ":path": `${configMaps}/kept`, ...own });
    for (const streamId of [1, 3]) if (body !== "") raw.data(streamId, body);
    await settled();
    for (const streamId of [1, 3]) raw.reset(streamId, code);
    await settled();
    raw.socket.destroy();
    expect((await client.get(`${configMaps}/cut`)).status).toBe(404);
    expect((await client.get(`${configMaps}/kept`)).status).toBe(200);
  });

  it("by destroying its connection amid watches harms nobody else", async () => {
    const leaving = createTestClient(server.url);
    for (let i = 0; i < 5; i++) await leaving.open(`${configMaps}?watch=true`);
    expect(server.stats().openWatches).toBe(5);
    leaving.session.destroy();
    await expect.poll(() => server.stats().openWatches).toBe(0);
    expect((await client.get("/readyz")).status).toBe(200);
  });

  it("or speaks no HTTP/2 at all is cut off", async () => {
    for (const garbage of [Buffer.from("GET / HTTP/9.9\r\n\r\n"), Buffer.alloc(100, 0xff)]) {
      const socket = await rawConnection();
      socket.on("error", () => undefined);
      socket.write(garbage);
      socket.resume();
      await once(socket, "close");
    }
    expect((await client.get("/readyz")).status).toBe(200);
  });
});

/** Enough for the server to read what has been sent: one answer to another client. */
async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await client.get("/readyz");
}

async function rawConnection(): Promise<TLSSocket> {
  const socket = connectTls({ host: "127.0.0.1", port: server.port, ca: authority.certPem, ALPNProtocols: ["h2"] });
  await once(socket, "secureConnect");
  return socket;
}

it("outlives a bug behind the door, and says so", async () => {
  const lines: string[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error: (message: string) => void lines.push(message) };
  let broken = false;
  const faults = {
    decide() {
      if (broken) throw new Error("a bug");
      return { kind: "none" } as const;
    },
  };
  const own = await startTestServer({ logger, faults });
  const asking = createTestClient(own.url);
  broken = true;
  const reply = await asking.get("/api/v1/pods");
  broken = false;
  expect([reply.status, reply.json()["reason"]]).toEqual([500, "InternalError"]);
  expect(lines).toEqual(["a request failed unexpectedly"]);
  expect((await asking.get("/api/v1/pods")).status).toBe(200);
  asking.close();
  await own.close();
});
