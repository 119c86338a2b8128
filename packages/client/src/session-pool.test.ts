import type { ServerHttp2Stream } from "node:http2";
import { ManualClock, systemClock } from "@hollowfleet/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHttp2Transport, type Http2TransportOptions } from "./session-pool.ts";
import {
  authority,
  type LoopbackServer,
  request,
  send,
  startLoopbackServer,
  until,
} from "./testing/loopback-server.ts";
import type { ResponseSink, Transport } from "./transport.ts";

// Handshakes are slow where many test files share two cores.
vi.setConfig({ testTimeout: 30_000 });

let loopback: LoopbackServer;
let transports: Transport[];

function connectTo(server: LoopbackServer, options: Partial<Http2TransportOptions> = {}): Transport {
  const transport = createHttp2Transport({
    server: server.url,
    caPem: authority.certPem,
    clock: systemClock,
    ...options,
  });
  transports.push(transport);
  return transport;
}

const silentSink: ResponseSink = { onCarried() {}, onWritten() {}, onHead() {}, onData() {}, onEnd() {}, onError() {} };

beforeEach(() => {
  transports = [];
});

afterEach(async () => {
  for (const transport of transports) transport.close();
  await loopback.stop();
});

describe("a request", () => {
  it("carries method, path, repeated headers and body, and brings back head and body", async () => {
    loopback = await startLoopbackServer();
    loopback.server.on("stream", async (stream, headers) => {
      const parts: Buffer[] = [];
      for await (const part of stream) parts.push(part);
      stream.respond({ ":status": 201, "content-type": "text/plain", "retry-after": "2" });
      stream.end(`${headers[":method"]} ${headers[":path"]} ${headers["impersonate-group"]} ${Buffer.concat(parts)}`);
    });
    const answer = await send(
      connectTo(loopback),
      request("/a?b=c", {
        method: "POST",
        headers: [
          ["impersonate-group", "one"],
          ["impersonate-group", "two"],
        ],
        body: Buffer.from("hello"),
      }),
    );
    expect(answer.error).toBeUndefined();
    expect(answer.head).toMatchObject({ status: 201, contentType: "text/plain", retryAfterMs: 2000 });
    expect(answer.body).toBe("POST /a?b=c one, two hello");
    expect(answer.written).toBe(true);
  });

  it("shares one header list between requests without mixing their paths", async () => {
    loopback = await startLoopbackServer();
    loopback.server.on("stream", (stream, headers) => {
      stream.respond({ ":status": 200 });
      stream.end(`${headers[":method"]} ${headers[":path"]}`);
    });
    const transport = connectTo(loopback);
    const headers = [["accept", "*/*"]] as const;
    const paths = Array.from({ length: 50 }, (_, i) => `/${i}`);
    const answers = await Promise.all(paths.map((path) => send(transport, { method: "GET", path, headers })));
    expect(answers.map((answer) => answer.body)).toEqual(paths.map((path) => `GET ${path}`));
    expect(transport.stats()).toMatchObject({ openConnections: 1, connects: 1 });
    expect(transport.stats().bytesRead).toBeGreaterThan(1000);
    expect(transport.stats().bytesWritten).toBeGreaterThan(500);
  });

  it("is reset by cancel, and its sink hears nothing more", async () => {
    loopback = await startLoopbackServer();
    const streams: ServerHttp2Stream[] = [];
    loopback.server.on("stream", (stream) => {
      streams.push(stream);
      stream.on("error", () => {});
      stream.respond({ ":status": 200 });
      stream.write("begun");
    });
    const transport = connectTo(loopback);
    const heard: string[] = [];
    const exchange = transport.open(request("/watch"), {
      onCarried: () => undefined,
      onWritten: () => heard.push("written"),
      onHead: () => heard.push("head"),
      onData: () => heard.push("data"),
      onEnd: () => heard.push("end"),
      onError: () => heard.push("error"),
    });
    await until(() => heard.includes("data"));
    exchange.cancel();
    exchange.cancel();
    await until(() => streams[0]?.closed === true && transport.stats().openStreams === 0);
    expect(streams[0]?.rstCode).toBe(8);
    expect(heard).toEqual(["written", "head", "data"]);
  });

  it("that is cancelled while it waits is never sent", async () => {
    loopback = await startLoopbackServer();
    const paths: unknown[] = [];
    loopback.server.on("stream", (stream, headers) => {
      paths.push(headers[":path"]);
      stream.respond({ ":status": 200 }, { endStream: true });
    });
    const transport = connectTo(loopback);
    transport.open(request("/never"), silentSink).cancel();
    await send(transport, request("/sent"));
    expect(paths).toEqual(["/sent"]);
  });
});

describe("the server's stream limit", () => {
  async function heldServer(limit: number): Promise<ServerHttp2Stream[]> {
    loopback = await startLoopbackServer({ settings: { maxConcurrentStreams: limit } });
    const held: ServerHttp2Stream[] = [];
    loopback.server.on("stream", (stream, headers) => {
      stream.on("error", () => {});
      stream.respond({ ":status": 200 }, { endStream: headers[":path"] === "/settings" });
      if (headers[":path"] !== "/settings") held.push(stream);
    });
    return held;
  }

  it("opens a second connection for the 101st stream", async () => {
    const held = await heldServer(100);
    const transport = connectTo(loopback);
    for (let i = 0; i < 250; i++) transport.open(request(`/${i}`), silentSink);
    await until(() => held.length === 250);
    expect(transport.stats()).toMatchObject({ openConnections: 3, openStreams: 250, connects: 3 });
    const perSession = loopback.sessions.map((session) => held.filter((stream) => stream.session === session).length);
    expect(perSession).toEqual([100, 100, 50]);
  });

  it("queues at maxConnections, in order, until a stream ends", async () => {
    const held = await heldServer(2);
    const transport = connectTo(loopback, { maxConnections: 1 });
    // Until the server's SETTINGS are in, 100 is assumed.
    await send(transport, request("/settings"));
    const heads: string[] = [];
    for (const path of ["/a", "/b", "/c", "/d"])
      transport.open(request(path), { ...silentSink, onHead: () => heads.push(path) });
    await until(() => heads.length === 2);
    held[0]?.end();
    await until(() => heads.length === 3);
    held[1]?.end();
    await until(() => heads.length === 4);
    expect(heads).toEqual(["/a", "/b", "/c", "/d"]);
    expect(transport.stats().connects).toBe(1);
  });

  it("closes a surplus connection once it is idle, and keeps one", async () => {
    const held = await heldServer(1);
    const clock = new ManualClock();
    const transport = connectTo(loopback, { clock, idleMs: 1000 });
    for (let i = 1; i <= 3; i++) {
      await send(transport, request("/settings"));
      transport.open(request(`/${i}`), silentSink);
      await until(() => held.length === i);
    }
    for (const stream of held) stream.end();
    await until(() => transport.stats().openStreams === 0);
    expect(transport.stats().openConnections).toBeGreaterThanOrEqual(3);
    clock.advance(1000);
    expect(transport.stats().openConnections).toBe(1);
  });
});
