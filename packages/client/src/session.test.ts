import { createServer as createClearServer, type ServerHttp2Stream } from "node:http2";
import { type AddressInfo, connect as connectTcp, createServer, type Server, type Socket } from "node:net";
import { ManualClock, systemClock } from "@hollowfleet/core";
import { generateKeyPair } from "@hollowfleet/pki";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHttp2Transport, type Http2TransportOptions } from "./session-pool.ts";
import { type FrameConnection, frameType, startFrameServer, uint32 } from "./testing/frame-server.ts";
import {
  authority,
  type LoopbackServer,
  request,
  send,
  startLoopbackServer,
  tlsSocketOf,
  until,
} from "./testing/loopback-server.ts";
import type { Transport } from "./transport.ts";

// Handshakes are slow where many test files share two cores.
vi.setConfig({ testTimeout: 30_000 });

let cleanups: (() => unknown)[];

beforeEach(() => {
  cleanups = [];
});

afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

async function serve(...args: Parameters<typeof startLoopbackServer>): Promise<LoopbackServer> {
  const loopback = await startLoopbackServer(...args);
  cleanups.push(() => loopback.stop());
  return loopback;
}

function connectTo(url: string, options: Partial<Http2TransportOptions> = {}): Transport {
  const transport = createHttp2Transport({ server: url, caPem: authority.certPem, clock: systemClock, ...options });
  cleanups.push(() => transport.close());
  return transport;
}

async function serveFrames(onFrame: Parameters<typeof startFrameServer>[0]): Promise<string> {
  const server = await startFrameServer(onFrame);
  cleanups.push(() => server.stop());
  return server.url;
}

/** A bare TCP server. */
async function listen(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const post = request("/write", { method: "POST", body: Buffer.from("x") });

describe("GOAWAY", () => {
  it("keeps open streams and sends new requests elsewhere", async () => {
    const loopback = await serve();
    const held: ServerHttp2Stream[] = [];
    loopback.server.on("stream", (stream, headers) => {
      stream.respond({ ":status": 200 });
      if (headers[":path"] === "/held") held.push(stream);
      else stream.end("quick");
    });
    const transport = connectTo(loopback.url);
    const answer = send(transport, request("/held"));
    await until(() => held.length === 1);
    loopback.sessions[0]?.goaway(0);
    await until(() => transport.stats().goaways === 1);
    expect((await send(transport, request("/quick"))).body).toBe("quick");
    expect(loopback.sessions).toHaveLength(2);
    held[0]?.end("late");
    expect(await answer).toMatchObject({ body: "late", error: undefined });
    await until(() => transport.stats().openConnections === 1);
  });

  it("makes a write above the last stream retryable and one below it unknown", async () => {
    const loopback = await serve();
    let seen = 0;
    loopback.server.on("stream", (stream) => {
      stream.on("error", () => {});
      // Both were sent before the server read the first; it names the first as the last one it acts on.
      if (++seen === 2) stream.session?.goaway(2, 1);
    });
    const transport = connectTo(loopback.url);
    const [first, second] = await Promise.all([send(transport, post), send(transport, post)]);
    expect(first.error).toMatchObject({ code: "reset", outcome: "unknown" });
    expect(second.error).toMatchObject({ code: "refused-stream", outcome: "retryable" });
  });
});

describe("a stream that is reset", () => {
  it.each([
    { code: 7, expected: { code: "refused-stream", outcome: "retryable" } },
    { code: 2, expected: { code: "reset", outcome: "unknown" } },
    { code: 8, expected: { code: "reset", outcome: "unknown" } },
    { code: 11, expected: { code: "reset", outcome: "unknown" } },
  ])("with code $code before its head is $expected.code, $expected.outcome", async ({ code, expected }) => {
    const loopback = await serve();
    loopback.server.on("stream", (stream) => {
      stream.on("error", () => {});
      stream.resume().on("end", () => stream.close(code));
    });
    expect((await send(connectTo(loopback.url), post)).error).toMatchObject(expected);
  });

  it.each([2, 8])("with code %i amid its body fails instead of ending short", async (code) => {
    const url = await serveFrames((frame, connection) => {
      if (frame.type !== frameType.headers) return;
      connection.respond200(frame.stream);
      connection.send(frameType.data, 0, frame.stream, Buffer.from("half"));
      connection.send(frameType.rstStream, 0, frame.stream, uint32(code));
    });
    const answer = await send(connectTo(url), request("/"));
    expect(answer).toMatchObject({ head: { status: 200 }, error: { code: "reset", outcome: "unknown" } });
  });
});

describe("a connection that is lost", () => {
  it.each(["end", "destroy"] as const)("amid a body by %s fails instead of ending short", async (how) => {
    let connection: FrameConnection | undefined;
    const url = await serveFrames((frame, given) => {
      if (frame.type !== frameType.headers) return;
      connection = given;
      given.respond200(frame.stream);
      given.send(frameType.data, 0, frame.stream, Buffer.from("half"));
    });
    const transport = connectTo(url);
    let ending: unknown;
    let read = 0;
    transport.open(request("/"), {
      onCarried() {},
      onWritten() {},
      onHead() {},
      onData: (chunk) => {
        read += chunk.length;
      },
      onEnd: () => {
        ending = "end";
      },
      onError: (error) => {
        ending = error;
      },
    });
    await until(() => read === 4);
    connection?.socket[how]();
    await until(() => ending !== undefined);
    expect(ending).toMatchObject({ code: "reset", outcome: "unknown" });
  });

  it("leaves the outcome of a sent write unknown, and the next request connects anew", async () => {
    let hangUp = true;
    const url = await serveFrames((frame, connection) => {
      if (frame.type === frameType.data && hangUp) connection.socket.destroy();
      if (frame.type !== frameType.headers || hangUp) return;
      connection.respond200(frame.stream);
      connection.send(frameType.data, 1, frame.stream, Buffer.from("done"));
    });
    const transport = connectTo(url);
    expect((await send(transport, post)).error).toMatchObject({ code: "reset", outcome: "unknown" });
    hangUp = false;
    expect((await send(transport, request("/"))).body).toBe("done");
    expect(transport.stats()).toMatchObject({ connects: 2, openConnections: 1 });
  });

  it("is found by PING when nothing comes for 30 s and no answer for 15 s", async () => {
    let answering = true;
    let pings = 0;
    const url = await serveFrames((frame, connection) => {
      if (frame.type === frameType.headers) connection.respond200(frame.stream);
      if (frame.type !== frameType.ping) return;
      pings++;
      if (answering) connection.send(frameType.ping, 1, 0, frame.payload);
    });
    const clock = new ManualClock();
    const transport = connectTo(url, { clock });
    let opened = false;
    let failed: unknown;
    transport.open(request("/watch"), {
      onCarried() {},
      onWritten() {},
      onHead: () => {
        opened = true;
      },
      onData() {},
      onEnd() {},
      onError: (error) => {
        failed = error;
      },
    });
    await until(() => opened);
    for (let i = 1; i <= 3; i++) {
      clock.advance(30_000);
      await until(() => pings === i && clock.nextTimerMs === 30_000);
    }
    answering = false;
    clock.advance(30_000);
    await until(() => pings === 4);
    clock.advance(14_999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(failed).toBeUndefined();
    clock.advance(1);
    await until(() => failed !== undefined);
    expect(failed).toMatchObject({ code: "reset", outcome: "unknown" });
    expect(String(failed)).toContain("PING");
    await until(() => transport.stats().openConnections === 0);
  });
});

describe("a connection that never comes about", () => {
  it("is connect-failed when the port is closed", async () => {
    const url = await listen(() => {});
    await cleanups.pop()?.();
    const answer = await send(connectTo(url), post);
    expect(answer).toMatchObject({ written: false, error: { code: "connect-failed", outcome: "retryable" } });
    expect(String(answer.error)).toContain("ECONNREFUSED");
  });

  it("fails each request that waits for it, and each new one tries again", async () => {
    let connections = 0;
    const url = await listen((socket) => {
      connections++;
      socket.destroy();
    });
    const transport = connectTo(url);
    const answers = await Promise.all([send(transport, post), send(transport, post)]);
    expect(answers.map((answer) => answer.error?.outcome)).toEqual(["retryable", "retryable"]);
    await send(transport, post);
    expect(connections).toBe(2);
  });

  it("is tls-failed when the handshake takes more than 10 s", async () => {
    let accepted = 0;
    const url = await listen(() => accepted++);
    const clock = new ManualClock();
    const answer = send(connectTo(url, { clock }), post);
    await until(() => accepted === 1);
    // The server's accept may come before our own connect event, which sets the handshake's timer.
    await until(() => clock.nextTimerMs === 10_000);
    clock.advance(10_000);
    expect((await answer).error).toMatchObject({ code: "tls-failed", outcome: "retryable" });
  });

  it("is tls-failed when the CA or the name is wrong, and not when that is to be skipped", async () => {
    const loopback = await serve();
    loopback.server.on("stream", (stream) => stream.respond({ ":status": 200 }, { endStream: true }));
    const other = await import("@hollowfleet/pki").then((pki) => pki.createAuthority({ commonName: "other" }));
    const cases = [
      connectTo(loopback.url, { caPem: other.certPem }),
      connectTo(loopback.url, { serverName: "elsewhere" }),
    ];
    for (const transport of cases)
      expect((await send(transport, post)).error).toMatchObject({ code: "tls-failed", outcome: "failed" });
    expect((await send(connectTo(loopback.url, { serverName: "api.loopback" }), post)).head?.status).toBe(200);
    const skipping = connectTo(loopback.url, { serverName: "elsewhere", insecureSkipVerify: true });
    expect((await send(skipping, post)).head?.status).toBe(200);
  });

  it("is tls-failed when the server demands a certificate that we do not have", async () => {
    const loopback = await serve({ requestCert: true, rejectUnauthorized: true });
    loopback.server.on("stream", (stream) => stream.respond({ ":status": 200 }, { endStream: true }));
    expect((await send(connectTo(loopback.url), post)).error?.code).toMatch(/^(tls-failed|reset)$/);
  });

  it("is closed, at once, after the transport was closed", async () => {
    const loopback = await serve();
    const transport = connectTo(loopback.url);
    const early = send(transport, post);
    transport.close();
    expect((await early).error?.code).toBe("closed");
    expect((await send(transport, post)).error?.code).toBe("closed");
  });
});

describe("other ways to connect", () => {
  it("are clear text with prior knowledge, below a path", async () => {
    const server = createClearServer();
    server.on("stream", (stream, headers) => {
      stream.respond({ ":status": 200 });
      stream.end(headers[":path"]);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    expect((await send(connectTo(`http://127.0.0.1:${port}/prefix/`), request("/a"))).body).toBe("/prefix/a");
  });

  it("are a socket that somebody else opened", async () => {
    const loopback = await serve();
    loopback.server.on("stream", (stream) => stream.respond({ ":status": 200 }, { endStream: true }));
    const asked: unknown[] = [];
    const transport = connectTo("https://api.loopback:6443", {
      dialSocket(host, port) {
        asked.push([host, port]);
        const socket = connectTcp(Number(new URL(loopback.url).port), "127.0.0.1");
        return new Promise((resolve) => socket.once("connect", () => resolve(socket)));
      },
    });
    expect((await send(transport, request("/"))).head?.status).toBe(200);
    expect(asked).toEqual([["api.loopback", 6443]]);
    const failing = connectTo(loopback.url, { dialSocket: () => Promise.reject(new Error("407 from the proxy")) });
    expect((await send(failing, post)).error).toMatchObject({ code: "connect-failed", outcome: "retryable" });
  });

  it("is no URL at all: a configuration error", () => {
    expect(() => connectTo("127.0.0.1:6443")).toThrow(/not the URL of an API server/);
  });
});

describe("client certificates", () => {
  it("may be asked for anew before each connection", async () => {
    const loopback = await serve({ requestCert: true, rejectUnauthorized: true });
    loopback.server.on("stream", (stream) => {
      stream.respond({ ":status": 200 });
      stream.end(tlsSocketOf(stream).getPeerCertificate().subject.CN);
    });
    let asked = 0;
    const transport = connectTo(loopback.url, {
      clientCertificate: () => Promise.resolve(authority.issue({ commonName: `c${++asked}`, usage: "client" })),
    });
    expect((await send(transport, request("/"))).body).toBe("c1");
    loopback.cut();
    await until(() => transport.stats().openConnections === 0);
    expect((await send(transport, request("/"))).body).toBe("c2");
  });

  it.each([true, false])("are each connection's own (shared context: %s)", async (shareContext) => {
    const loopback = await serve({ requestCert: true, rejectUnauthorized: true });
    loopback.server.on("stream", (stream) => {
      const socket = tlsSocketOf(stream);
      stream.respond({ ":status": 200 });
      stream.end(socket.getPeerCertificate().subject.CN);
    });
    const keyPair = generateKeyPair();
    const names = Array.from({ length: 30 }, (_, i) => `system:node:n${i}`);
    const answers = names.map((commonName, i) => {
      // Most share one key, as a fleet's do; some bring their own.
      const issued = authority.issue({ commonName, usage: "client", ...(i % 5 === 0 ? {} : { keyPair }) });
      return send(connectTo(loopback.url, { ...issued, shareContext }), request("/whoami"));
    });
    expect((await Promise.all(answers)).map((answer) => answer.body)).toEqual(names);
  });

  it("are not left behind for a connection without one", async () => {
    const loopback = await serve({ requestCert: true, rejectUnauthorized: false });
    loopback.server.on("stream", (stream) => {
      stream.respond({ ":status": 200 });
      stream.end(String(tlsSocketOf(stream).getPeerCertificate().subject?.CN));
    });
    const issued = authority.issue({ commonName: "someone", usage: "client" });
    expect((await send(connectTo(loopback.url, issued), request("/"))).body).toBe("someone");
    expect((await send(connectTo(loopback.url), request("/"))).body).toBe("undefined");
  });

  it("and a source address of one's own are seen by the server", async () => {
    const loopback = await serve();
    loopback.server.on("stream", (stream) => {
      stream.respond({ ":status": 200 });
      stream.end(tlsSocketOf(stream).remoteAddress);
    });
    expect((await send(connectTo(loopback.url, { localAddress: "127.64.3.7" }), request("/"))).body).toBe("127.64.3.7");
  });
});

it("does not resume TLS sessions", async () => {
  const loopback = await serve();
  const reused: boolean[] = [];
  loopback.server.on("stream", (stream) => {
    reused.push(tlsSocketOf(stream).isSessionReused());
    stream.respond({ ":status": 200 }, { endStream: true });
  });
  for (let i = 0; i < 3; i++) {
    const transport = connectTo(loopback.url);
    await send(transport, request("/"));
    transport.close();
  }
  expect(reused).toEqual([false, false, false]);
});
