import { mediaTypes } from "@hollowfleet/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAssets } from "../support/assets.ts";
import { type Change, changes } from "./defaults/changes.ts";
import { createDifferences } from "./defaults/create-differences.ts";
import { invalidManifests } from "./defaults/invalid-manifests.ts";
import type { Manifest } from "./defaults/manifest.ts";
import { validManifests } from "./defaults/valid-manifests.ts";
import { differences, differenceText } from "./harness/compare.ts";
import { startEmbeddedTarget } from "./harness/embedded-target.ts";
import { DifferenceTable } from "./harness/known-differences.ts";
import { startLocalTarget } from "./harness/local-target.ts";
import { Normaliser } from "./harness/normaliser.ts";
import { makeNamespace } from "./harness/run-case.ts";
import { type Connections, createConnections, type ServerTarget } from "./harness/server-target.ts";

const namespace = "defaults";
const table = new DifferenceTable(createDifferences);
let compared = 0;

interface Server {
  readonly target: ServerTarget;
  readonly connections: Connections;
}

/** The real one and the embedded one. */
const servers: Server[] = [];

async function start(make: () => Promise<ServerTarget>): Promise<void> {
  const target = await make();
  const connections = createConnections(target);
  servers.push({ target, connections });
  await makeNamespace(connections, namespace);
}

interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function send(
  { connections }: Server,
  method: string,
  path: string,
  body: object,
  contentType: string,
): Promise<Answered> {
  const fill = (text: string) => text.replaceAll("{ns}", namespace);
  const answer = await connections.as("admin").send({
    method,
    path: fill(path),
    headers: { accept: mediaTypes.json, "content-type": contentType },
    body: Buffer.from(fill(JSON.stringify(body))),
  });
  return { status: answer.status, body: JSON.parse(answer.body.toString("utf8")) as Answered["body"] };
}

/** Asks for something to be created, without its being kept. */
function dryRun(server: Server, { path, body }: Manifest): Promise<Answered> {
  return send(server, "POST", `${path}?dryRun=All`, body, mediaTypes.json);
}

/** Creates, changes and removes; tells what the change was answered. */
async function changed(server: Server, change: Change): Promise<Answered> {
  const { manifest, patch, subresource } = change;
  const { path, body } = manifest;
  const metadata = body["metadata"] as { readonly name: string };
  // Not all are gone at once: finalizers wait for a controller that stands still.
  const name = `${metadata.name}-${changes.indexOf(change)}`;
  const made = await send(server, "POST", path, { ...body, metadata: { ...metadata, name } }, mediaTypes.json);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const own = `${path}/${name}`;
  const answer = await send(server, "PATCH", subresource ? `${own}/${subresource}` : own, patch, mediaTypes.mergePatch);
  await send(server, "DELETE", own, { gracePeriodSeconds: 0 }, mediaTypes.json);
  return answer;
}

interface Cause {
  readonly field?: string;
}

/** The real server appends a diff of its Go structs, for which JSON has no names. */
function withoutDiff(text: string): string {
  return text.replace(/\\n(@@|[-+]\\t).*|\n(@@|[-+]\t)[\s\S]*/, "");
}

/** The real server walks Go's maps in an order that changes from call to call: faults are compared as a set. */
function view({ status, body }: Answered): unknown {
  if (status < 400) return { status, body };
  const { message, details, ...rest } = body as { message: string; details?: { causes?: readonly Cause[] } };
  const causes = (details?.causes ?? []).map((cause) => withoutDiff(JSON.stringify(cause))).sort();
  const head = causes.length > 1 ? message.slice(0, message.indexOf("is invalid: ")) : withoutDiff(message);
  return { ...rest, status, details: { ...details, causes }, message: head };
}

async function compare(title: string, ask: (server: Server) => Promise<Answered>): Promise<string[]> {
  const [expected, actual] = await Promise.all(
    servers.map(async (server) => new Normaliser(namespace).value(view(await ask(server)))),
  );
  compared += 1;
  return table.unknown(title, differences(expected, actual)).map(differenceText);
}

describe.skipIf(noAssets)("what the real server and the embedded one make of a body", () => {
  beforeAll(async () => {
    await start(startLocalTarget);
    await start(startEmbeddedTarget);
  }, 90_000);

  afterAll(async () => {
    for (const { connections, target } of servers) {
      connections.close();
      await target.stop();
    }
  }, 30_000);

  it.each(validManifests)("is filled in alike: $title", async (manifest) => {
    expect(await compare(manifest.title, (server) => dryRun(server, manifest))).toEqual([]);
  });

  it.each(invalidManifests)("is refused alike: $title", async (manifest) => {
    expect(await compare(manifest.title, (server) => dryRun(server, manifest))).toEqual([]);
  });

  it.each(changes)("is changed alike: $title", async (change) => {
    expect(await compare(change.title, (server) => changed(server, change))).toEqual([]);
  });

  it("is a refusal wherever the table says so", async () => {
    const taken: string[] = [];
    for (const server of servers) {
      for (const manifest of invalidManifests) {
        const { status } = await dryRun(server, manifest);
        if (status < 400) taken.push(`${server.target.name} takes ${manifest.title}`);
      }
    }
    expect(taken).toEqual([]);
  });

  it("differs wherever the table says so", ({ skip }) => {
    if (compared < validManifests.length + invalidManifests.length + changes.length)
      skip("not everything was compared");
    expect(table.unused().map(({ cases, path, reason }) => `${cases} ${path}: ${reason}`)).toEqual([]);
  });
});
