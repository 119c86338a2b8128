import { kinds, type Node, type Pod } from "@hollowfleet/wire";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { WatchEvent, WatchSink } from "./api-client.ts";
import type { ClientError } from "./client-error.ts";
import { resources } from "./resource.ts";
import { until } from "./testing/loopback-server.ts";
import { type ScriptedApi, startScriptedApi, watchFrame } from "./testing/scripted-api.ts";

// Handshakes are slow where many test files share two cores.
vi.setConfig({ testTimeout: 30_000 });

let api: ScriptedApi;

afterEach(() => api.stop());

const stream = "application/vnd.kubernetes.protobuf;stream=watch";

/** Remembers what it heard. */
class Ear<T = Pod> implements WatchSink<T> {
  opened = 0;
  closed = 0;
  error: ClientError | undefined;
  readonly events: WatchEvent<T>[] = [];
  onOpen(): void {
    this.opened++;
  }
  onEvent(event: WatchEvent<T>): void {
    this.events.push(event);
  }
  onClose(error: ClientError | undefined): void {
    this.closed++;
    this.error = error;
  }
}

function nameOf(event: WatchEvent<Pod>): string {
  return event.type === "BOOKMARK"
    ? `BOOKMARK ${event.resourceVersion} ${event.initialEventsEnd}`
    : `${event.type} ${event.item.object.metadata?.name}`;
}

function pod(name: string): Pod {
  return { metadata: { name, resourceVersion: "5" } };
}

describe("a watch", () => {
  it("asks in the form of client-go, and is told to the observer when its headers came", async () => {
    api = await startScriptedApi((request) => {
      request.stream.respond({ ":status": 200, "content-type": stream });
      request.stream.end();
    });
    const ear = new Ear<Node>();
    api.client.watch(
      resources.nodes,
      {
        fieldSelector: "metadata.name=N",
        allowBookmarks: true,
        resourceVersionMatch: "NotOlderThan",
        sendInitialEvents: true,
        timeoutSeconds: 587,
        timeoutQuery: "9m47s",
      },
      ear,
    );
    await until(() => ear.closed === 1);
    // kubelet-audit §1.1.
    expect(api.seen[0]?.path).toBe(
      "/api/v1/nodes?allowWatchBookmarks=true&fieldSelector=metadata.name%3DN&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&timeout=9m47s&timeoutSeconds=587&watch=true",
    );
    expect(ear).toMatchObject({ opened: 1, closed: 1, error: undefined });
    expect(api.records).toEqual([
      expect.objectContaining({ verb: "WATCH", resource: "nodes", scope: "resource", code: "200" }),
    ]);
    expect(api.records[0]?.endUs).toBe(api.records[0]?.firstByteUs);
  });

  it("hears whole events wherever the server cuts its chunks", async () => {
    const frames = [
      watchFrame("ADDED", kinds.Pod, pod("a")),
      watchFrame("MODIFIED", kinds.Pod, { ...pod("b"), spec: { nodeName: "n".repeat(300) } }),
      watchFrame("DELETED", kinds.Pod, pod("c")),
      watchFrame("BOOKMARK", kinds.Pod, {
        metadata: { resourceVersion: "9", annotations: { "k8s.io/initial-events-end": "true" } },
      }),
    ];
    const body = Buffer.concat(frames);
    let cuts: number[] = [];
    api = await startScriptedApi(({ stream: response }) => {
      response.respond({ ":status": 200, "content-type": stream });
      const ends = [...cuts, body.length];
      const writeFrom = (start: number, next: number): void => {
        const end = ends[next];
        if (end === undefined) response.end();
        else response.write(body.subarray(start, end), () => writeFrom(end, next + 1));
      };
      writeFrom(0, 0);
    });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: body.length - 1 }), { maxLength: 8 }), async (at) => {
        cuts = at.sort((a, b) => a - b);
        const ear = new Ear();
        api.client.watch(resources.pods, {}, ear);
        await until(() => ear.closed === 1);
        expect(ear.error).toBeUndefined();
        expect(ear.events.map(nameOf)).toEqual(["ADDED a", "MODIFIED b", "DELETED c", "BOOKMARK 9 true"]);
      }),
      { numRuns: 30 },
    );
  });

  it("keeps no network buffer alive for an object that is kept", async () => {
    const many = Array.from({ length: 50 }, (_, i) => watchFrame("ADDED", kinds.Pod, pod(`p${i}`)));
    api = await startScriptedApi(({ stream: response }) => {
      response.respond({ ":status": 200, "content-type": stream });
      response.end(Buffer.concat(many));
    });
    const ear = new Ear();
    api.client.watch(resources.pods, {}, ear);
    await until(() => ear.closed === 1);
    for (const event of ear.events)
      if (event.type !== "BOOKMARK")
        expect(event.item.raw.buffer.byteLength).toBeLessThan(event.item.raw.length * 2 + 1);
  });

  it("ends with the Status of an ERROR event", async () => {
    api = await startScriptedApi(({ stream: response }) => {
      response.respond({ ":status": 200, "content-type": stream });
      response.write(
        watchFrame("ERROR", kinds.Status, { code: 410, reason: "Expired", message: "too old resource version: 1 (9)" }),
      );
    });
    const ear = new Ear();
    api.client.watch(resources.pods, { resourceVersion: "1" }, ear);
    await until(() => ear.closed === 1);
    expect(ear.error).toMatchObject({ code: "expired", outcome: "failed", status: { httpStatus: 410 } });
    await until(() => api.transport.stats().openStreams === 0);
    expect(ear.closed).toBe(1);
  });

  it.each([
    { what: "refused", code: "forbidden", respond: 403 },
    { what: "gone", code: "expired", respond: 410 },
  ])("that is $what ends with $code and was never open", async ({ code, respond }) => {
    api = await startScriptedApi((request) => request.refuse(respond, { message: "no" }));
    const ear = new Ear();
    api.client.watch(resources.pods, {}, ear);
    await until(() => ear.closed === 1);
    expect(ear).toMatchObject({ opened: 0, error: { code } });
    expect(api.records).toEqual([expect.objectContaining({ verb: "WATCH", code: String(respond), scope: "cluster" })]);
  });

  it("ends with codec when the server speaks another format or sends garbage", async () => {
    api = await startScriptedApi((request, number) => {
      request.stream.respond({ ":status": 200, "content-type": number === 1 ? "application/json" : stream });
      request.stream.write(Buffer.from([0, 0, 0, 2, 0xff, 0xff]));
    });
    for (let i = 0; i < 2; i++) {
      const ear = new Ear();
      api.client.watch(resources.pods, {}, ear);
      await until(() => ear.closed === 1);
      expect(ear.error?.code).toBe("codec");
    }
  });

  it("ends with reset when the connection is cut, and hears nothing after stop", async () => {
    api = await startScriptedApi(({ stream: response }) => {
      response.respond({ ":status": 200, "content-type": stream });
      response.write(watchFrame("ADDED", kinds.Pod, pod("a")));
    });
    const cut = new Ear();
    const stopped = new Ear();
    api.client.watch(resources.pods, {}, cut);
    const watch = api.client.watch(resources.pods, {}, stopped);
    await until(() => cut.events.length === 1 && stopped.events.length === 1);
    watch.stop();
    api.loopback.cut();
    await until(() => cut.closed === 1);
    expect(cut.error?.code).toBe("reset");
    expect(stopped).toMatchObject({ closed: 0, error: undefined });
  });
});
