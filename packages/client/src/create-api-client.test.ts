import { ManualClock, TokenBucket } from "@hollowfleet/core";
import { kinds, unwrap, wrap } from "@hollowfleet/wire";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ClientError } from "./client-error.ts";
import { resources } from "./resource.ts";
import { until } from "./testing/loopback-server.ts";
import { type ScriptedApi, startScriptedApi } from "./testing/scripted-api.ts";

// Handshakes are slow where many test files share two cores.
vi.setConfig({ testTimeout: 30_000 });

let api: ScriptedApi;

afterEach(() => api.stop());

const pod = { metadata: { name: "p", namespace: "ns", uid: "u1", resourceVersion: "7" } };
const podName = { namespace: "ns", name: "p" };

function failure(promise: Promise<unknown>): Promise<ClientError> {
  return promise.then(
    () => Promise.reject(new Error("it succeeded")),
    (error: ClientError) => error,
  );
}

describe("verbs", () => {
  it("go out with the method, path, content type and body that Kubernetes expects", async () => {
    api = await startScriptedApi((request) => {
      if (request.path.includes("limit=2"))
        request.stream.respond({ ":status": 200, "content-type": "application/vnd.kubernetes.protobuf" });
      if (request.path.includes("limit=2"))
        request.stream.end(
          wrap("v1", "PodList", Buffer.from([10, 9, 18, 2, 0x34, 0x32, 26, 1, 0x63, 32, 5, 18, 5, 10, 3, 10, 1, 0x78])),
        );
      else if (request.path.endsWith("/token"))
        request.answer(kinds.TokenRequest, { status: { token: "secret" } }, 201);
      else if (request.path.endsWith("/binding")) request.answer(kinds.Status, { status: "Success" }, 201);
      else if (request.path === "/readyz") {
        request.stream.respond({ ":status": 200 });
        request.stream.end("ok");
      } else request.answer(kinds.Pod, pod);
    });
    const { client, seen } = api;
    expect((await client.get(resources.pods, podName, { resourceVersion: "0" })).object.metadata?.uid).toBe("u1");
    const list = await client.list(resources.pods, { namespace: "ns", limit: 2, labelSelector: "a!=b" });
    expect(list).toMatchObject({ resourceVersion: "42", continue: "c", remainingItemCount: 5 });
    expect(list.items.map((item) => item.object.metadata?.name)).toEqual(["x"]);
    await client.create(resources.pods, pod, { namespace: "ns", fieldManager: "m", dryRun: true });
    await client.update(resources.pods, podName, kinds.Pod.encode(pod), { subresource: "status" });
    await client.patch(resources.pods, podName, "strategic", `{"a":1}`, { subresource: "status" });
    await client.delete(resources.pods, podName, { gracePeriodSeconds: 0, preconditions: { uid: "u1" } });
    await client.deleteCollection(resources.resourceslices, { fieldSelector: "spec.nodeName=n" });
    const token = await client.createSubresource(
      resources.serviceaccounts,
      { namespace: "ns", name: "sa" },
      "token",
      kinds.TokenRequest,
      { spec: { expirationSeconds: 3607 } },
    );
    expect(token.object.status?.token).toBe("secret");
    const binding = { metadata: { name: "p" }, target: { kind: "Node", name: "n" } };
    const bound = await client.createSubresource(resources.pods, podName, "binding", kinds.Binding, binding);
    expect(bound.object.target?.name).toBe("n");
    expect(await client.text("/readyz")).toBe("ok");
    expect(seen.map(({ method, path, headers }) => [method, path, headers["content-type"]])).toEqual([
      ["GET", "/api/v1/namespaces/ns/pods/p?resourceVersion=0", undefined],
      ["GET", "/api/v1/namespaces/ns/pods?labelSelector=a%21%3Db&limit=2", undefined],
      ["POST", "/api/v1/namespaces/ns/pods?dryRun=All&fieldManager=m", "application/vnd.kubernetes.protobuf"],
      ["PUT", "/api/v1/namespaces/ns/pods/p/status", "application/vnd.kubernetes.protobuf"],
      ["PATCH", "/api/v1/namespaces/ns/pods/p/status", "application/strategic-merge-patch+json"],
      ["DELETE", "/api/v1/namespaces/ns/pods/p", "application/vnd.kubernetes.protobuf"],
      [
        "DELETE",
        "/apis/resource.k8s.io/v1/resourceslices?fieldSelector=spec.nodeName%3Dn",
        "application/vnd.kubernetes.protobuf",
      ],
      ["POST", "/api/v1/namespaces/ns/serviceaccounts/sa/token", "application/vnd.kubernetes.protobuf"],
      ["POST", "/api/v1/namespaces/ns/pods/p/binding", "application/vnd.kubernetes.protobuf"],
      ["GET", "/readyz", undefined],
    ]);
    expect(seen[0]?.headers.accept).toBe("application/vnd.kubernetes.protobuf,application/json");
    expect(unwrap(seen[3]!.body)).toMatchObject({ apiVersion: "v1", kind: "Pod" });
    expect(seen[4]?.body.toString()).toBe(`{"a":1}`);
    // kubelet-wire §9.3, without the two empty trailing fields' variation.
    expect(seen[5]?.body.toString("hex")).toBe(
      "6b3873000a130a027631120d44656c6574654f7074696f6e731208080012040a0275311a002200",
    );
  });

  it("carry the user agent, the timeout query and what the header source says at that time", async () => {
    let asked = 0;
    api = await startScriptedApi((request) => request.answer(kinds.Pod, pod), {
      settings: { userAgent: "kubelet/v1.36.3", timeoutQuery: "10s" },
      headers: () => Promise.resolve([["authorization", `Bearer t${++asked}`]]),
    });
    await api.client.get(resources.pods, podName);
    await api.client.derive({ userAgent: "other" }).get(resources.pods, podName);
    expect(api.seen.map(({ path, headers }) => [path, headers["user-agent"], headers.authorization])).toEqual([
      ["/api/v1/namespaces/ns/pods/p?timeout=10s", "kubelet/v1.36.3", "Bearer t1"],
      ["/api/v1/namespaces/ns/pods/p?timeout=10s", "other", "Bearer t2"],
    ]);
  });
});

describe("an answer of 401", () => {
  it("is told to the source of the credentials that were refused", async () => {
    const refused: unknown[] = [];
    let token = 0;
    api = await startScriptedApi((request) => request.refuse(401, { reason: "Unauthorized" }), {
      headers: () => [["authorization", `Bearer ${++token}`]],
      onUnauthorized: (used) => refused.push(used),
    });
    expect((await failure(api.client.get(resources.pods, podName))).code).toBe("unauthorized");
    expect(refused).toEqual([[["authorization", "Bearer 1"]]]);
    expect(api.seen).toHaveLength(1);
  });
});

describe("errors", () => {
  it("carry the server's Status", async () => {
    api = await startScriptedApi((request) =>
      request.refuse(422, {
        reason: "Invalid",
        message: "Pod is invalid",
        details: { causes: [{ field: "spec.x", message: "Required value" }] },
      }),
    );
    expect(await failure(api.client.create(resources.pods, pod, { namespace: "ns" }))).toMatchObject({
      code: "invalid",
      outcome: "failed",
      message: "Pod is invalid",
      status: { httpStatus: 422, reason: "Invalid", causes: ["spec.x: Required value"] },
    });
    expect(api.records).toHaveLength(1);
    expect(api.records[0]).toMatchObject({ verb: "POST", code: "422", attempts: 1, rejected: 0 });
  });

  it.each([
    { body: `{"kind":"Status","reason":"AlreadyExists","message":"m"}`, status: 409, code: "already-exists" },
    { body: `{"kind":"Status","reason":"Conflict","message":"m"}`, status: 409, code: "conflict" },
    { body: "etcd failed: reason withheld", status: 500, code: "server-error" },
    { body: "", status: 503, code: "unavailable" },
    { body: "{broken", status: 404, code: "not-found" },
  ])("of status $status with body '$body' are $code", async ({ body, status, code }) => {
    api = await startScriptedApi((request) => {
      request.stream.respond({ ":status": status, "content-type": "text/plain" });
      request.stream.end(body);
    });
    expect((await failure(api.client.get(resources.pods, podName))).code).toBe(code);
  });

  it("of bytes that cannot be read are codec errors", async () => {
    api = await startScriptedApi((request) => {
      request.stream.respond({ ":status": 200, "content-type": "application/vnd.kubernetes.protobuf" });
      request.stream.end("rubbish");
    });
    expect((await failure(api.client.get(resources.pods, podName))).code).toBe("codec");
  });
});

describe("retries", () => {
  it("wait as Retry-After says, and make one record", async () => {
    const clock = new ManualClock();
    clock.advance(1000);
    api = await startScriptedApi(
      (request, number) => {
        if (number <= 2) request.refuse(429, { reason: "TooManyRequests" }, { "retry-after": "3" });
        else request.answer(kinds.Pod, pod, 201);
      },
      { clock },
    );
    const created = api.client.create(resources.pods, pod, { namespace: "ns", dueUs: -5 });
    // The keepalive's 30 s and the wait.
    await until(() => clock.nextTimerMs === 3000);
    clock.advance(2999);
    expect(api.seen).toHaveLength(1);
    clock.advance(1);
    await until(() => clock.nextTimerMs === 3000);
    clock.advance(3000);
    await created;
    expect(api.records).toEqual([
      expect.objectContaining({
        verb: "POST",
        resource: "pods",
        scope: "resource",
        code: "201",
        attempts: 3,
        rejected: 2,
        dueUs: -5,
        startedUs: 1_000_000,
        writtenUs: 1_000_000,
        firstByteUs: 7_000_000,
        endUs: 7_000_000,
        requestBytes: api.seen[0]?.body.length,
      }),
    ]);
  });

  it("end after maxRetries with the last 429", async () => {
    api = await startScriptedApi((request) => request.refuse(429, {}, { "retry-after": "0" }), {
      settings: { maxRetries: 2 },
    });
    expect(await failure(api.client.get(resources.pods, podName))).toMatchObject({
      code: "too-many-requests",
      outcome: "retryable",
    });
    expect(api.records[0]).toMatchObject({ code: "429", attempts: 3, rejected: 3 });
  });

  it("do not follow a 5xx without Retry-After", async () => {
    api = await startScriptedApi((request) => request.refuse(500, { reason: "InternalError" }));
    expect(await failure(api.client.get(resources.pods, podName))).toMatchObject({ outcome: "unknown" });
    expect(api.seen).toHaveLength(1);
  });

  it("never repeat a write whose outcome is unknown", async () => {
    api = await startScriptedApi((request) => request.stream.close(2));
    for (const call of [
      api.client.create(resources.pods, pod, { namespace: "ns" }),
      api.client.update(resources.pods, podName, pod),
      api.client.patch(resources.pods, podName, "merge", "{}"),
      api.client.delete(resources.pods, podName),
    ])
      expect(await failure(call)).toMatchObject({ code: "reset", outcome: "unknown" });
    expect(api.seen).toHaveLength(4);
    expect(api.records.map((record) => record.code)).toEqual(["reset", "reset", "reset", "reset"]);
  });

  it("repeat a read after a second when its connection was lost", async () => {
    const clock = new ManualClock();
    api = await startScriptedApi(
      (request, number) => (number === 1 ? request.stream.close(2) : request.answer(kinds.Pod, pod)),
      { clock },
    );
    const got = api.client.get(resources.pods, podName);
    await until(() => clock.nextTimerMs === 1000);
    clock.advance(1000);
    expect((await got).object.metadata?.name).toBe("p");
    expect(api.records[0]).toMatchObject({ code: "200", attempts: 2 });
  });

  it("repeat even a write at once when the server refused the stream", async () => {
    api = await startScriptedApi((request, number) =>
      number === 1 ? request.stream.close(7) : request.answer(kinds.Pod, pod, 201),
    );
    await api.client.create(resources.pods, pod, { namespace: "ns" });
    expect(api.records[0]).toMatchObject({ code: "201", attempts: 2, rejected: 0 });
  });
});

describe("the limiter", () => {
  it("holds a call back, and the wait is no part of its start", async () => {
    const clock = new ManualClock();
    api = await startScriptedApi((request) => request.answer(kinds.Pod, pod), {
      clock,
      settings: { limiter: new TokenBucket(10, 1, clock) },
    });
    await api.client.get(resources.pods, podName);
    const second = api.client.get(resources.pods, podName);
    expect(clock.nextTimerMs).toBe(100);
    clock.advance(100);
    await second;
    expect(api.records.map(({ dueUs, startedUs }) => [dueUs, startedUs])).toEqual([
      [0, 0],
      [0, 100_000],
    ]);
    await api.client.derive({ limiter: null }).get(resources.pods, podName);
  });
});

describe("a deadline", () => {
  it("ends the call, resets its stream and leaves a sent write unknown", async () => {
    const clock = new ManualClock();
    api = await startScriptedApi(() => {}, { clock, settings: { timeoutMs: 10_000 } });
    const call = failure(api.client.update(resources.pods, podName, pod));
    await until(() => api.seen.length === 1);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(9_999);
    expect(api.records).toEqual([]);
    clock.advance(1);
    expect(await call).toMatchObject({ code: "deadline", outcome: "unknown" });
    await until(() => api.seen[0]!.stream.rstCode === 8);
    expect(api.records[0]).toMatchObject({ code: "deadline", firstByteUs: 0, endUs: 10_000_000 });
  });

  it("covers the waits between attempts", async () => {
    const clock = new ManualClock();
    api = await startScriptedApi((request) => request.refuse(429, {}, { "retry-after": "60" }), { clock });
    const call = failure(api.client.get(resources.pods, podName, { timeoutMs: 1000 }));
    await until(() => api.seen.length === 1 && clock.pendingTimers === 3);
    clock.advance(1000);
    expect(await call).toMatchObject({ code: "deadline", outcome: "retryable" });
    clock.advance(60_000);
    expect(api.seen).toHaveLength(1);
  });
});

describe("an abort", () => {
  it("ends a call before and after it was sent", async () => {
    api = await startScriptedApi(() => {});
    const early = AbortSignal.abort();
    expect(await failure(api.client.get(resources.pods, podName, { signal: early }))).toMatchObject({
      code: "aborted",
      outcome: "retryable",
    });
    const controller = new AbortController();
    const call = failure(api.client.delete(resources.pods, podName, { signal: controller.signal }));
    await until(() => api.seen.length === 1);
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    expect(await call).toMatchObject({ code: "aborted", outcome: "unknown" });
    expect(api.records.map((record) => record.code)).toEqual(["aborted", "aborted"]);
  });
});
