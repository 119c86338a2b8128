import { createServer as createHttp, type IncomingMessage, type Server } from "node:http";
import { createServer as createHttps } from "node:https";
import { type AddressInfo, connect, createServer as createTcp, type Socket } from "node:net";
import { connect as connectTls, createServer as createTls } from "node:tls";
import { ManualClock } from "@hollowfleet/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { authority, rejectionOf } from "./kubeconfig.testing.ts";
import { openProxyTunnel } from "./proxy-tunnel.ts";

const serving = authority.issue({ commonName: "loopback", ipAddresses: ["127.0.0.1"], usage: "server" });
const tls = { cert: serving.certPem, key: serving.keyPem };
const ca = authority.certPem;

async function listen(server: ReturnType<typeof createTcp> | Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A TLS server that answers each line with `echo <line>`. */
function echoServer(): Promise<number> {
  return listen(createTls(tls, (socket) => socket.on("data", (data) => socket.write(`echo ${data}`))));
}

/** A proxy that does what it is asked, and notes how it was asked. */
async function proxyServer(server: Server): Promise<{ port: number; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    asked.push(request);
    const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(request.url ?? "") ?? [];
    const upstream = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
  });
  return { port: await listen(server), asked };
}

async function sayThrough(socket: Socket, line: string): Promise<string> {
  const secured = connectTls({ socket, ca, host: "127.0.0.1" });
  onTestFinished(() => void secured.destroy());
  secured.write(line);
  return new Promise((resolve, reject) => {
    secured.once("data", (data) => resolve(String(data)));
    secured.once("error", reject);
  });
}

describe("a tunnel", () => {
  test("through an http proxy, with the credentials of its URL", async () => {
    const target = await echoServer();
    const proxy = await proxyServer(createHttp());
    const url = `http://me:p%40ss@127.0.0.1:${proxy.port}`;
    const socket = await openProxyTunnel(url, "127.0.0.1", target);
    expect(await sayThrough(socket, "hello")).toBe("echo hello");
    expect(proxy.asked).toHaveLength(1);
    expect(proxy.asked[0]).toMatchObject({
      url: `127.0.0.1:${target}`,
      headers: { host: `127.0.0.1:${target}`, "proxy-authorization": `Basic ${btoa("me:p@ss")}` },
    });
  });

  test("through an https proxy that the cluster's roots vouch for: TLS inside TLS", async () => {
    const target = await echoServer();
    const proxy = await proxyServer(createHttps(tls));
    const url = `https://127.0.0.1:${proxy.port}`;
    const socket = await openProxyTunnel(url, "127.0.0.1", target, { caPem: ca });
    expect(await sayThrough(socket, "hello")).toBe("echo hello");
    expect(proxy.asked[0]?.headers).not.toHaveProperty("proxy-authorization");
    expect((await rejectionOf(openProxyTunnel(url, "127.0.0.1", target))).code).toBe("proxy-failed");
  });

  test("loses nothing that the server says at once", async () => {
    const port = await listen(
      createTcp((client) => client.once("data", () => client.write("HTTP/1.1 200 OK\r\n\r\nthe first words"))),
    );
    const socket = await openProxyTunnel(`http://127.0.0.1:${port}`, "api.example", 6443);
    onTestFinished(() => void socket.destroy());
    expect(await new Promise((resolve) => socket.once("data", (data) => resolve(String(data))))).toBe(
      "the first words",
    );
  });
});

describe("no tunnel", () => {
  const answering = (head: string) =>
    listen(
      createTcp((client) => client.once("data", () => client.end(`HTTP/1.1 ${head}\r\nContent-Length: 0\r\n\r\n`))),
    );

  test.each([
    ["407 Proxy Authentication Required", "wants to be logged in to (407)"],
    ["403 Forbidden", "refused a tunnel to api.example:6443: 403 Forbidden"],
  ])("when the proxy says %s", async (head, problem) => {
    const port = await answering(head);
    const fault = await rejectionOf(openProxyTunnel(`http://u:s3cret@127.0.0.1:${port}`, "api.example", 6443));
    expect(fault.code).toBe("proxy-failed");
    expect(fault.message).toBe(`proxy-url "http://127.0.0.1:${port}": ${problem}`);
    expect(fault.remedy).toBeTruthy();
  });

  test("when nobody listens, or somebody hangs up", async () => {
    const closed = createTcp();
    const port = await listen(closed);
    closed.close();
    expect((await rejectionOf(openProxyTunnel(`http://127.0.0.1:${port}`, "a", 1))).message).toContain(
      "cannot be reached",
    );
    const rude = await listen(createTcp((client) => client.destroy()));
    expect((await rejectionOf(openProxyTunnel(`http://127.0.0.1:${rude}`, "a", 1))).code).toBe("proxy-failed");
  });

  test("when the proxy does not answer in time", async () => {
    const clock = new ManualClock();
    const asked = new Promise<Socket>((resolve) => {
      void listen(createTcp((client) => client.once("data", () => resolve(client)))).then((port) => {
        opening = openProxyTunnel(`http://127.0.0.1:${port}`, "a", 1, { clock, timeoutMs: 2000 });
        opening.catch(() => undefined);
      });
    });
    let opening: Promise<Socket> = Promise.reject(new Error("not yet"));
    opening.catch(() => undefined);
    const client = await asked;
    const gone = new Promise((resolve) => client.once("close", resolve));
    clock.advance(2000);
    expect((await rejectionOf(opening)).message).toContain("did not open a tunnel to a:1 within 2 s");
    await gone;
  });
});
