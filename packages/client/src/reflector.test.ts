import { ManualClock, seededRandom } from "@hollowfleet/core";
import { kinds, type Pod } from "@hollowfleet/wire";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Received } from "./api-client.ts";
import { createReflector, type Reflector, type ReflectorOptions } from "./reflector.ts";
import type { Removed } from "./reflector-store.ts";
import { resources } from "./resource.ts";
import { until } from "./testing/loopback-server.ts";
import {
  listBody,
  type ScriptedApi,
  type Received as Seen,
  startScriptedApi,
  watchFrame,
} from "./testing/scripted-api.ts";

// Handshakes are slow where many test files share two cores.
vi.setConfig({ testTimeout: 30_000 });

let api: ScriptedApi;
let reflector: Reflector<Pod>;

afterEach(async () => {
  reflector.stop();
  await api.stop();
});

const stream = "application/vnd.kubernetes.protobuf;stream=watch";

function pod(name: string, resourceVersion: string): Pod {
  return { metadata: { name, namespace: "ns", resourceVersion } };
}

function bookmark(resourceVersion: string, end = false): Buffer {
  const annotations = end ? { "k8s.io/initial-events-end": "true" } : {};
  return watchFrame("BOOKMARK", kinds.Pod, { metadata: { resourceVersion, annotations } });
}

function open({ stream: response }: Seen, ...frames: Buffer[]): void {
  response.respond({ ":status": 200, "content-type": stream });
  if (frames.length > 0) response.write(Buffer.concat(frames));
}

/** The part of a path that tells the steps apart. */
function queryOf(seen: Seen): string {
  const query = new URL(seen.path, "http://x").searchParams;
  const names = ["watch", "sendInitialEvents", "resourceVersion", "limit", "continue"];
  return names
    .filter((name) => query.has(name))
    .map((name) => (query.get(name) === "true" ? name : `${name}=${query.get(name)}`))
    .join(" ");
}

function reflect(clock: ManualClock, log: string[], options: Partial<ReflectorOptions<Pod>> = {}): Reflector<Pod> {
  const name = (item: Received<Pod>) => item.object.metadata?.name ?? "";
  reflector = createReflector<Pod>({
    api: api.client,
    resource: resources.pods,
    clock,
    random: seededRandom(1),
    handler: {
      onReplace: (items, removed: readonly Removed<Pod>[]) =>
        log.push(`replace [${items.map(name)}] gone [${removed.map((each) => each.key)}]`),
      onAdd: (item) => log.push(`add ${name(item)}`),
      onUpdate: (item) => log.push(`update ${name(item)}`),
      onDelete: (item) => log.push(`delete ${name(item)}`),
      onError: (error) => log.push(`error ${error.code}`),
    },
    ...options,
  });
  reflector.start();
  return reflector;
}

/** Lets every wait of the reflector pass, and none of the connection's own timers, which are longer. */
function backoffsUntil(clock: ManualClock, ready: () => boolean): Promise<void> {
  return until(() => {
    const waitMs = clock.nextTimerMs;
    if (waitMs !== undefined && waitMs < 2000) clock.advance(waitMs);
    return ready();
  });
}

describe("with WatchList", () => {
  it("tells the state once, then changes, and goes on from the last version when the watch ends", async () => {
    const clock = new ManualClock();
    api = await startScriptedApi(
      (request, number) => {
        if (number === 1)
          open(
            request,
            watchFrame("ADDED", kinds.Pod, pod("a", "3")),
            watchFrame("ADDED", kinds.Pod, pod("b", "2")),
            bookmark("4", true),
            watchFrame("ADDED", kinds.Pod, pod("c", "5")),
            watchFrame("ADDED", kinds.Pod, pod("a", "6")),
            watchFrame("MODIFIED", kinds.Pod, pod("c", "7")),
            watchFrame("DELETED", kinds.Pod, pod("b", "8")),
            bookmark("9"),
          );
        else open(request, watchFrame("MODIFIED", kinds.Pod, pod("c", "11")));
        if (number === 1) request.stream.end();
      },
      { clock },
    );
    const log: string[] = [];
    reflect(clock, log, { keep: "objects", fieldSelector: "spec.nodeName=n", timeoutQuery: false });
    await until(() => clock.nextTimerMs === 0);
    clock.advance(0);
    await until(() => log.includes("update c") && log.filter((line) => line === "update c").length === 2);
    expect(log).toEqual(["replace [a,b] gone []", "add c", "update a", "update c", "delete b", "update c"]);
    expect(api.seen.map(queryOf)).toEqual(["watch sendInitialEvents", "watch resourceVersion=9"]);
    const query = new URL(api.seen[0]?.path ?? "", "http://x").searchParams;
    expect(Number(query.get("timeoutSeconds"))).toBeGreaterThanOrEqual(300);
    expect(Number(query.get("timeoutSeconds"))).toBeLessThan(600);
    expect(query.has("timeout")).toBe(false);
    expect([...reflector.items()].map((item) => item.object.metadata?.resourceVersion)).toEqual(["6", "11"]);
    expect(reflector).toMatchObject({ synced: true, resourceVersion: "11", size: 2 });
  });

  it("answers an expired version after its backoff with the state since that version, and tells what is gone", async () => {
    const clock = new ManualClock();
    api = await startScriptedApi(
      (request, number) => {
        if (number === 1) {
          open(
            request,
            watchFrame("ADDED", kinds.Pod, pod("a", "3")),
            watchFrame("ADDED", kinds.Pod, pod("b", "2")),
            bookmark("4", true),
            watchFrame("ERROR", kinds.Status, { code: 410, reason: "Expired" }),
          );
        } else open(request, watchFrame("ADDED", kinds.Pod, pod("b", "20")), bookmark("21", true));
      },
      { clock },
    );
    const log: string[] = [];
    reflect(clock, log);
    await until(() => log.includes("error expired"));
    // 0.8 s plus up to as much again.
    expect(clock.nextTimerMs).toBeGreaterThanOrEqual(800);
    expect(clock.nextTimerMs).toBeLessThan(1600);
    clock.advance(1600);
    await until(() => log.length === 3);
    expect(log).toEqual(["replace [a,b] gone []", "error expired", "replace [b] gone [ns/a]"]);
    // kubelet-audit §10.10: with the last version, not without.
    expect(api.seen.map(queryOf)).toEqual(["watch sendInitialEvents", "watch sendInitialEvents resourceVersion=4"]);
  });

  it("survives an API server that is down: watches again with a growing backoff, and relists nothing", async () => {
    const clock = new ManualClock();
    api = await startScriptedApi(
      (request, number) =>
        number === 1
          ? open(request, watchFrame("ADDED", kinds.Pod, pod("a", "3")), bookmark("4", true))
          : open(request, watchFrame("MODIFIED", kinds.Pod, pod("a", "5"))),
      { clock },
    );
    const log: string[] = [];
    reflect(clock, log);
    await until(() => log.length === 1);
    const port = Number(new URL(api.loopback.url).port);
    const closed = new Promise((resolve) => api.loopback.server.close(resolve));
    api.loopback.cut();
    await closed;
    const waits: number[] = [];
    for (let failures = 0; failures < 5; failures++) {
      await until(
        () => log.filter((line) => line === "error connect-failed").length === failures || clock.nextTimerMs === 0,
      );
      if (failures === 0) {
        await until(() => clock.nextTimerMs === 0);
        clock.advance(0);
        continue;
      }
      const waitMs = clock.nextTimerMs ?? 0;
      waits.push(waitMs);
      if (failures === 4) await new Promise<void>((resolve) => api.loopback.server.listen(port, "127.0.0.1", resolve));
      clock.advance(waitMs);
    }
    await until(() => log.includes("update a"));
    expect(log).toEqual([
      "replace [a] gone []",
      "error reset",
      "error connect-failed",
      "error connect-failed",
      "error connect-failed",
      "error connect-failed",
      "update a",
    ]);
    for (const [i, waitMs] of waits.entries()) {
      expect(waitMs).toBeGreaterThanOrEqual(800 * 2 ** i);
      expect(waitMs).toBeLessThan(1600 * 2 ** i);
    }
    expect(api.seen.map(queryOf)).toEqual(["watch sendInitialEvents", "watch resourceVersion=4"]);
  });

  it("stays silent after stop, also while it waits", async () => {
    const clock = new ManualClock();
    api = await startScriptedApi((request) => request.refuse(403, { message: "no" }), { clock });
    const log: string[] = [];
    reflect(clock, log);
    await until(() => clock.nextTimerMs === 0);
    reflector.stop();
    clock.advance(100_000);
    expect(api.seen).toHaveLength(1);
    expect(log).toEqual(["error forbidden"]);
  });
});

describe("without WatchList", () => {
  /** 422 for sendInitialEvents, as servers before 1.32 answer. */
  function refuseWatchList(request: Seen): boolean {
    if (!request.path.includes("sendInitialEvents")) return false;
    request.refuse(422, { reason: "Invalid", message: "sendInitialEvents is forbidden for watch" });
    return true;
  }

  function list(request: Seen, names: string[], resourceVersion: string, token = ""): void {
    request.stream.respond({ ":status": 200, "content-type": "application/vnd.kubernetes.protobuf" });
    request.stream.end(
      listBody(
        kinds.Pod,
        names.map((name) => pod(name, "1")),
        resourceVersion,
        token,
      ),
    );
  }

  it("falls back to pages and a watch, and does not ask again", async () => {
    const clock = new ManualClock();
    api = await startScriptedApi(
      (request) => {
        if (refuseWatchList(request)) return;
        if (request.path.includes("watch=true")) {
          const first = request.path.includes("resourceVersion=10&");
          open(request, ...(first ? [watchFrame("ERROR", kinds.Status, { code: 410, reason: "Gone" })] : []));
        } else if (request.path.includes("continue=")) list(request, ["b"], "10");
        else if (request.path.includes("limit=")) list(request, ["a"], "10", "t");
        else list(request, ["c"], "20");
      },
      { clock },
    );
    const log: string[] = [];
    reflect(clock, log);
    await backoffsUntil(clock, () => api.seen.length === 6);
    await until(() => reflector.resourceVersion === "20");
    expect(log).toEqual(["error invalid", "replace [a,b] gone []", "error expired", "replace [c] gone [ns/a,ns/b]"]);
    expect(api.seen.map(queryOf)).toEqual([
      "watch sendInitialEvents",
      "resourceVersion=0 limit=500",
      "limit=500 continue=t",
      "watch resourceVersion=10",
      "resourceVersion=10",
      "watch resourceVersion=20",
    ]);
  });

  it("lists from etcd when even the list's version is gone", async () => {
    const clock = new ManualClock();
    api = await startScriptedApi(
      (request) => {
        if (request.path.includes("watch=true")) open(request);
        else if (request.path.includes("resourceVersion=0")) request.refuse(410, { reason: "Expired" });
        else list(request, ["a"], "30");
      },
      { clock },
    );
    const log: string[] = [];
    reflect(clock, log, { watchList: false, keep: "none" });
    await backoffsUntil(clock, () => api.seen.length === 3);
    expect(log).toEqual(["error expired", "replace [a] gone []"]);
    expect(api.seen.map(queryOf)).toEqual(["resourceVersion=0 limit=500", "limit=500", "watch resourceVersion=30"]);
  });
});
