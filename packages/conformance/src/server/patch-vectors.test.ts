import { ApiError, applyPatch } from "@hollowfleet/apiserver";
import { schemaFor } from "@hollowfleet/wire";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noAssets } from "../support/assets.ts";
import { startLocalTarget } from "./harness/local-target.ts";
import { type Connections, createConnections, type ServerTarget } from "./harness/server-target.ts";
import { defaultObjects, type PatchVector, patchVectors } from "./patch-vectors.ts";

type KubeObject = Parameters<typeof applyPatch>[1];

const namespace = "patch-vectors";

const collections: Readonly<Record<PatchVector["resource"], string>> = {
  configmaps: `/api/v1/namespaces/${namespace}/configmaps`,
  deployments: `/apis/apps/v1/namespaces/${namespace}/deployments`,
  nodes: "/api/v1/nodes",
  serviceaccounts: `/api/v1/namespaces/${namespace}/serviceaccounts`,
};

const mediaTypes = {
  strategic: "application/strategic-merge-patch+json",
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
};

interface Reply {
  readonly status: number;
  readonly body: KubeObject & { readonly message?: string; readonly reason?: string; readonly details?: unknown };
  /** Texts of the headers Warning. */
  readonly warnings: readonly string[];
}

let target: ServerTarget;
let connections: Connections;

async function send(method: string, path: string, body?: string, contentType = "application/json"): Promise<Reply> {
  const answer = await connections.as("admin").send({
    method,
    path,
    headers: { accept: "application/json", ...(body !== undefined && { "content-type": contentType }) },
    ...(body !== undefined && { body: Buffer.from(body) }),
  });
  const warning = answer.headers["warning"] ?? "";
  return {
    status: answer.status,
    body: JSON.parse(answer.body.toString("utf8")),
    warnings: [...String(warning).matchAll(/299 - ("(?:[^"\\]|\\.)*")/g)].map(([, text]) => JSON.parse(text ?? '""')),
  };
}

/** What both sides are compared by: the object, or the fault. */
interface Outcome {
  readonly object?: unknown;
  readonly status?: number;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly warnings?: readonly string[];
}

/** Without what the server counts and notes on its own. */
function plain({ metadata, ...rest }: KubeObject): unknown {
  const { managedFields: _, resourceVersion: __, generation: ___, ...kept } = metadata;
  return { ...rest, metadata: kept };
}

/** The whole object in a message is not compared: its members have another order. */
function shortMessage(message: string | undefined): string | undefined {
  return message?.replace(/Invalid value: "\{.*\}": /, 'Invalid value: "{…}": ');
}

function ours(current: KubeObject, { type, patch, fieldValidation }: PatchVector): Outcome {
  const schema = schemaFor(current.apiVersion, current.kind);
  if (schema === undefined) throw new Error(`no schema of ${current.kind}`);
  const warnings: string[] = [];
  const options = { ...(fieldValidation && { fieldValidation }), warn: (text: string) => void warnings.push(text) };
  try {
    return { object: plain(applyPatch(type, current, Buffer.from(textOf(patch)), schema, options)), warnings };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.httpCode, reason: error.code, message: shortMessage(error.message) };
  }
}

function theirs({ status, body, warnings }: Reply): Outcome {
  if (status === 200) return { object: plain(body), warnings };
  // Known difference: what does not apply strategically is our 422 and the real server's 500 without a reason.
  if (status === 500) return { status: 422, reason: "Invalid", message: body.message };
  return { status, reason: body.reason, message: shortMessage(body.message) };
}

function textOf(patch: unknown): string {
  return typeof patch === "string" ? patch : JSON.stringify(patch);
}

async function create(resource: PatchVector["resource"], name: string, object: object): Promise<KubeObject> {
  const { metadata = {}, ...rest } = object as { metadata?: object };
  const body = JSON.stringify({ ...rest, metadata: { ...metadata, name } });
  const reply = await send("POST", collections[resource], body);
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return reply.body;
}

/** Sends a patch, compares our outcome with the server's, and returns what the server then has. */
async function patchBoth(name: string, current: KubeObject, vector: PatchVector): Promise<KubeObject> {
  const query = vector.fieldValidation === undefined ? "" : `?fieldValidation=${vector.fieldValidation}`;
  const path = `${collections[vector.resource]}/${name}${query}`;
  const reply = await send("PATCH", path, textOf(vector.patch), mediaTypes[vector.type]);
  const [actual, expected] = [ours(current, vector), theirs(reply)];
  // Of several faults in one patch Go finds any first, since it goes through maps at random.
  const seen = (outcome: Outcome) => (vector.name === random.name ? { ...outcome, message: undefined } : outcome);
  expect(seen(actual), textOf(vector.patch)).toEqual(seen(expected));
  return reply.status === 200 ? reply.body : current;
}

describe.skipIf(noAssets)("applyPatch answers as the real server does", () => {
  beforeAll(async () => {
    target = await startLocalTarget();
    connections = createConnections(target);
    await send("POST", "/api/v1/namespaces", JSON.stringify({ metadata: { name: namespace } }));
  });

  afterAll(async () => {
    connections?.close();
    await target?.stop();
  });

  test.each(patchVectors.map((vector, i) => ({ ...vector, i })))("$resource: $name", async ({ i, ...vector }) => {
    const current = await create(vector.resource, `v${i}`, vector.object ?? defaultObjects[vector.resource]);
    await patchBoth(`v${i}`, current, vector);
  });

  test("through 300 random strategic patches of one service account", async () => {
    let current = await create("serviceaccounts", "random", defaultObjects.serviceaccounts);
    for (const patch of fc.sample(accountPatch, { numRuns: 300, seed: 20260102 })) {
      current = await patchBoth("random", current, { ...random, resource: "serviceaccounts", patch });
    }
  });

  test("through 300 random strategic patches of one node's status", async () => {
    let current = await create("nodes", "random", {});
    for (const patch of fc.sample(statusPatch, { numRuns: 300, seed: 20260103 })) {
      current = await patchBoth("random/status", current, { ...random, resource: "nodes", patch });
    }
  });
});

const random = { name: "random", type: "strategic" } as const;

const name = fc.constantFrom("a", "b", "c", "d", "e");
const list = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 4 });

/** Elements of a list that is merged by `key`, now and then with directives or without their key. */
function elements(key: string, members: fc.Arbitrary<object>): fc.Arbitrary<unknown> {
  const keyed = fc.tuple(name, members).map(([name, members]) => ({ [key]: name, ...members }));
  const element = fc.oneof(
    { weight: 6, arbitrary: keyed },
    { weight: 3, arbitrary: name.map((name) => ({ [key]: name, $patch: "delete" })) },
    { weight: 1, arbitrary: fc.constantFrom<object>({ $patch: "replace" }, { reason: "A" }) },
  );
  // Not both directives in one list: the order after that depends on what Go leaves behind in an array's unused room.
  const ofOneDirective = list(element).filter((all) => {
    const directives = all.map((each) => ("$patch" in each ? each.$patch : undefined));
    return !(directives.includes("replace") && directives.includes("delete"));
  });
  return fc.oneof({ weight: 9, arbitrary: ofOneDirective }, { weight: 1, arbitrary: fc.constant(null) });
}

const order = (key: string) =>
  fc.shuffledSubarray(["a", "b", "c", "d", "e"]).map((names) => names.map((name) => ({ [key]: name })));

const finalizer = fc.constantFrom("example.com/a", "example.com/b", "example.com/c", "example.com/d");

const accountMetadata = fc
  .record(
    {
      labels: fc.dictionary(name, fc.constantFrom("1", "2", null), { maxKeys: 3 }),
      finalizers: list(finalizer),
      "$setElementOrder/finalizers": fc.uniqueArray(finalizer),
      "$deleteFromPrimitiveList/finalizers": list(finalizer),
    },
    { requiredKeys: [] },
  )
  // Go goes through maps at random: whether an element is first added or first deleted is decided by an order list only.
  .filter((metadata) => {
    const deleted = metadata["$deleteFromPrimitiveList/finalizers"] ?? [];
    const added = metadata.finalizers ?? [];
    return metadata["$setElementOrder/finalizers"] !== undefined || !added.some((each) => deleted.includes(each));
  });

const accountPatch = fc.record(
  {
    secrets: elements("name", fc.constant({})),
    "$setElementOrder/secrets": order("name"),
    imagePullSecrets: list(name.map((name) => ({ name }))),
    metadata: accountMetadata,
  },
  { requiredKeys: [] },
);

const condition = fc.record(
  {
    status: fc.constantFrom("True", "False"),
    reason: fc.constantFrom("A", "B", null),
    message: fc.constantFrom("x", ""),
  },
  { requiredKeys: ["status"] },
);

const statusPatch = fc
  .record(
    {
      conditions: elements("type", condition),
      "$setElementOrder/conditions": order("type"),
      // Not capacity: what is allocatable follows it by default.
      allocatable: fc.dictionary(fc.constantFrom("cpu", "memory"), fc.constantFrom("1", "1000m", "1Gi", null)),
      phase: fc.constantFrom("Running", null),
    },
    { requiredKeys: [] },
  )
  .map((status) => ({ status }));
