import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import type { EmbeddedApiServer } from "../embedded-apiserver.ts";
import type { FaultDecision, FaultTarget } from "../faults/fault-hook.ts";
import { createTestClient, type TestClient } from "./testing/client.ts";
import { startTestServer } from "./testing/server.ts";

const configMaps = "/api/v1/namespaces/default/configmaps";

let server: EmbeddedApiServer;
let client: TestClient;
afterEach(async () => {
  client.close();
  await server.close();
});

/** A server that does `decision` to what `matches`. */
async function start(
  decision: FaultDecision,
  matches: (target: FaultTarget) => boolean = () => true,
  options: Parameters<typeof startTestServer>[0] = {},
): Promise<FaultTarget[]> {
  const targets: FaultTarget[] = [];
  const faults = {
    decide(target: FaultTarget): FaultDecision {
      targets.push(target);
      return matches(target) ? decision : { kind: "none" };
    },
  };
  server = await startTestServer({ faults, ...options });
  client = createTestClient(server.url);
  return targets;
}

const creates = ({ verb }: FaultTarget): boolean => verb === "create";

function create(name: string) {
  return client.send("POST", configMaps, { metadata: { name } });
}

describe("a fault", () => {
  it("is asked about every request that was let in", async () => {
    const targets = await start({ kind: "none" });
    await client.get("/api/v1/namespaces/default/pods/p");
    await client.get("/version");
    await client.get("/api/v1/gadgets");
    expect(targets).toEqual([
      { verb: "get", resource: "pods", subresource: "", namespace: "default", name: "p", user: "root" },
      { verb: "get", resource: "", subresource: "", namespace: "", name: "", user: "root" },
    ]);
  });

  it("delays, and the delay shows in the histograms", async () => {
    await start({ kind: "delay", delayMs: 60 }, creates);
    const startMs = performance.now();
    expect((await create("late")).status).toBe(201);
    expect(performance.now() - startMs).toBeGreaterThan(55);
    const metrics = (await client.get("/metrics")).body.toString();
    expect(metrics).toMatch(/sli_duration_seconds_bucket\{.*resource="configmaps".*verb="POST".*le="0\.05"\} 0/);
    expect(metrics).toMatch(/sli_duration_seconds_bucket\{.*resource="configmaps".*verb="POST".*le="\+Inf"\} 1/);
  });

  it("is an error that is not carried out", async () => {
    await start({ kind: "error", httpCode: 503, reason: "ServiceUnavailable", retryAfterS: 3 }, creates);
    const reply = await create("refused");
    expect([reply.status, reply.headers["retry-after"], reply.json()["reason"]]).toEqual([
      503,
      "3",
      "ServiceUnavailable",
    ]);
    expect((await client.get(`${configMaps}/refused`)).status).toBe(404);
  });

  it.each([
    ["before-commit", 404],
    ["after-commit", 200],
  ] as const)("resets %s", async (when, found) => {
    await start({ kind: "reset", when }, creates);
    await expect(create("reset")).rejects.toThrow();
    expect((await client.get(`${configMaps}/reset`)).status).toBe(found);
  });

  it("tells the connection to go, and still serves the request", async () => {
    await start({ kind: "goaway" }, creates);
    const goaway = new Promise<number>((resolve) => client.session.on("goaway", resolve));
    expect((await create("served")).status).toBe(201);
    expect(await goaway).toBe(0);
    client = createTestClient(server.url);
    expect((await client.get(`${configMaps}/served`)).status).toBe(200);
  });

  it("leaves a connection silent", async () => {
    await start({ kind: "half-open" }, creates);
    const lost = create("silent");
    lost.catch(() => undefined);
    const next = client.get("/readyz");
    next.catch(() => undefined);
    const answered = await Promise.race([
      Promise.any([lost, next]).then(() => "answered"),
      new Promise((resolve) => setTimeout(resolve, 100, "silent")),
    ]);
    expect(answered).toBe("silent");
    const other = createTestClient(server.url);
    expect((await other.get(`${configMaps}/silent`)).status).toBe(404);
    other.close();
  });

  it("holds the events of a watch back", async () => {
    await start({ kind: "slow-watch", eventDelayMs: 80 }, ({ verb }) => verb === "watch");
    const watch = await client.open(`${configMaps}?watch=true&resourceVersion=${server.stats().revision}`);
    const startMs = performance.now();
    await create("slow");
    expect((await watch.event()).object.metadata.name).toBe("slow");
    expect(performance.now() - startMs).toBeGreaterThan(75);
  });
});

describe("a watcher that does not read", () => {
  it("is cut off, and can read on from where it was", async () => {
    await start({ kind: "none" }, () => false, { watchBufferBytes: 200_000 });
    const path = `${configMaps}?watch=true&resourceVersion=${server.stats().revision}`;
    const slow = client.session.request({ ":path": path, authorization: "Bearer admin-token" });
    await once(slow, "response");
    const data = { text: "x".repeat(50_000) };
    for (let i = 0; i < 10; i++) await client.send("POST", configMaps, { metadata: { name: `c-${i}` }, data });
    let text = "";
    slow.on("data", (chunk: Buffer) => (text += chunk.toString()));
    await once(slow, "close");
    expect(slow.rstCode).toBe(0);
    const events = text.split("\n").filter((line) => line !== "");
    expect(events.length).toBeGreaterThan(3);
    expect(events.length).toBeLessThan(10);
    const last = JSON.parse(events.at(-1) ?? "").object.metadata.resourceVersion;
    const next = await client.open(`${configMaps}?watch=true&resourceVersion=${last}`);
    expect((await next.event()).object.metadata.name).toBe(`c-${events.length}`);
    next.stream.close();
  });
});

describe("max-inflight", () => {
  it("answers 429 with Retry-After when too many are delayed, watches and masters not counted", async () => {
    await start({ kind: "delay", delayMs: 100 }, creates, {
      maxMutatingInFlight: 1,
      adminUsers: ["jane"],
    });
    const jane = createTestClient(server.url, { token: "user-token" });
    const post = (name: string) => jane.send("POST", configMaps, { metadata: { name } });
    const [first, second] = await Promise.all([post("first"), post("second")]);
    expect([first.status, second.status]).toEqual([201, 429]);
    expect(second.headers["retry-after"]).toBe("1");
    expect((await Promise.all([post("third"), create("root's")].map(async (sent) => (await sent).status)))[0]).toBe(
      201,
    );
    const metrics = (await jane.get("/metrics")).body.toString();
    expect(metrics).toMatch(/apiserver_request_terminations_total\{code="429".*\} 1/);
    expect(metrics).toMatch(/apiserver_current_inflight_requests\{request_kind="mutating"\} [12]/);
    jane.close();
  });
});

describe("close", () => {
  it("ends watches cleanly and resolves with clients that stay", async () => {
    await start({ kind: "none" });
    const watch = await client.open(`${configMaps}?watch=true&resourceVersion=${server.stats().revision}`);
    const startMs = performance.now();
    await server.close();
    expect(performance.now() - startMs).toBeLessThan(1000);
    expect(await watch.line()).toBeUndefined();
    expect(watch.stream.rstCode).toBe(0);
    await expect(createTestClient(server.url).get("/readyz")).rejects.toThrow();
  });
});
