import { seededRandom } from "@hollowfleet/core";
import { mediaTypes } from "@hollowfleet/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAssets } from "../support/assets.ts";
import { configMap, deployment, object } from "./cases/objects.ts";
import { type FuzzRequest, fuzzNamespace } from "./fuzz/fuzz-request.ts";
import { fuzzRequests } from "./fuzz/fuzz-requests.ts";
import { decodeBody } from "./harness/body.ts";
import { startEmbeddedTarget } from "./harness/embedded-target.ts";
import type { Answer, Connection } from "./harness/exchange.ts";
import { startLocalTarget } from "./harness/local-target.ts";
import { makeNamespace } from "./harness/run-case.ts";
import { type Connections, createConnections, type ServerTarget } from "./harness/server-target.ts";

const requests = fuzzRequests(seededRandom("fuzz"));

interface Resource {
  readonly name: string;
  readonly verbs: readonly string[];
}

const servers: readonly (readonly [name: string, start: () => Promise<ServerTarget>])[] = [
  ["embedded", startEmbeddedTarget],
  ...(noAssets ? [] : [["local", startLocalTarget] as const]),
];

describe.each(servers)("requests that nobody can do, on %s", (name, start) => {
  let target: ServerTarget;
  let connections: Connections;
  let admin: Connection;
  let before: string;

  beforeAll(async () => {
    target = await start();
    connections = createConnections(target);
    admin = connections.as("admin");
    await makeNamespace(connections, fuzzNamespace);
    await make(admin, `/api/v1/namespaces/${fuzzNamespace}/configmaps`, configMap("there"));
    await make(admin, `/apis/apps/v1/namespaces/${fuzzNamespace}/deployments`, deployment("there"));
    before = await dump(admin);
  });

  afterAll(async () => {
    connections?.close();
    await target?.stop();
  });

  it(`each of the ${requests.length} gets a 4xx with a Status object`, async () => {
    const wrong: string[] = [];
    for (const request of requests) {
      const fault = await send(admin, request).then(
        (answer) => refusalFault(answer, request, name === "local"),
        // Go's HTTP/2 server resets a stream whose path is none.
        (error: unknown) => (request.plain === true ? undefined : String(error)),
      );
      if (fault !== undefined) wrong.push(`${request.title}: ${fault}`);
    }
    expect(wrong).toEqual([]);
  });

  it("bodies that end too early, and connections that are cut, change nothing", async () => {
    for (let round = 0; round < 20; round++) {
      const connection = createConnections(target);
      const body = Buffer.from(JSON.stringify(object("v1", "ConfigMap", `cut-${round}`)));
      const sending = connection.as("admin").send({
        method: "POST",
        path: `/api/v1/namespaces/${fuzzNamespace}/configmaps`,
        headers: { "content-type": mediaTypes.json, "content-length": String(body.length + 10) },
        body,
        unfinished: true,
      });
      const outcome = sending.then(
        ({ status }) => `answered ${status}`,
        () => "cut",
      );
      setTimeout(() => connection.close(), 5 + round);
      expect(await outcome).toBe("cut");
    }
  });

  it("answers afterwards as before, and nothing was written", async () => {
    expect((await admin.send({ method: "GET", path: "/livez" })).status).toBe(200);
    const after = await dump(admin);
    expect(after).toBe(before);
    if (name === "embedded") expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

function send(admin: Connection, { method, path, contentType, accept, body }: FuzzRequest): Promise<Answer> {
  const headers = {
    accept: accept ?? mediaTypes.json,
    ...(contentType !== undefined && contentType !== "" && { "content-type": contentType }),
  };
  return admin.send({ method, path, headers, ...(body !== undefined && { body }) });
}

/** What is wrong with a refusal; undefined: nothing. */
function refusalFault(answer: Answer, request: FuzzRequest, isReal: boolean): string | undefined {
  const { status, headers, body } = answer;
  const contentType = String(headers["content-type"]);
  const text = body.toString("utf8").slice(0, 300);
  if (isReal && request.really500 === true && status === 500) return undefined;
  if (status < 400 || status >= 500) return `${status} ${text}`;
  if (request.plain === true) return undefined;
  const { kind, code, reason, message } = (
    contentType.startsWith(mediaTypes.json) ? decodeBody(contentType, body) : {}
  ) as Record<string, unknown>;
  if (kind === "Status" && code === status && typeof reason === "string" && typeof message === "string")
    return undefined;
  return `${status} without a Status object: ${contentType} ${text}`;
}

async function make(admin: Connection, path: string, body: unknown): Promise<void> {
  const headers = { "content-type": mediaTypes.json };
  const answer = await admin.send({ method: "POST", path, headers, body: Buffer.from(JSON.stringify(body)) });
  expect(answer.status).toBe(201);
}

/** What the real server changes by itself. */
const unsteady = ["leases", "componentstatuses"];

/** Every object that the server lists, as text. */
async function dump(admin: Connection): Promise<string> {
  const get = async (path: string): Promise<Record<string, unknown>> => {
    const { body } = await admin.send({ method: "GET", path, headers: { accept: mediaTypes.json } });
    return JSON.parse(body.toString("utf8")) as Record<string, unknown>;
  };
  const groups = (await get("/apis"))["groups"] as readonly { readonly preferredVersion: { groupVersion: string } }[];
  const roots = ["/api/v1", ...groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
  const lists: string[] = [];
  for (const root of roots) {
    const { resources } = (await get(root)) as { resources?: readonly Resource[] };
    for (const { name, verbs } of resources ?? []) {
      if (name.includes("/") || !verbs.includes("list") || unsteady.includes(name)) continue;
      lists.push(`${root}/${name} ${JSON.stringify((await get(`${root}/${name}`))["items"])}`);
    }
  }
  return lists.join("\n");
}
