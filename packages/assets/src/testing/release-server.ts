import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** Answers a request in its own way; returns false to have it answered as usual. */
type Override = (request: IncomingMessage, response: ServerResponse, body: Buffer | undefined) => boolean;

/** A mirror of the releases on loopback. */
export interface ReleaseServer {
  readonly url: string;
  /** Every request so far: "PATH" or "PATH RANGE". */
  readonly requests: string[];
  /** What is served under a path; to be changed by a test. */
  readonly files: Map<string, Buffer>;
  override: Override | undefined;
  close(): Promise<void>;
}

/** Serves stand-ins for all binaries of one version pair, in the layout of the official places. */
export async function startReleaseServer(kubernetes: string, etcd: string, arch: string): Promise<ReleaseServer> {
  const files = new Map<string, Buffer>();
  for (const name of ["kube-apiserver", "kube-scheduler", "kube-controller-manager", "kubectl"]) {
    const path = `/v${kubernetes}/bin/linux/${arch}/${name}`;
    files.set(path, binaryContent(name));
    files.set(`${path}.sha256`, Buffer.from(sha256(binaryContent(name))));
  }
  const folder = `etcd-v${etcd}-linux-${arch}`;
  const archive = gzipSync(
    tar([
      [`${folder}/README.md`, Buffer.from("#")],
      [`${folder}/etcd`, binaryContent("etcd")],
    ]),
  );
  files.set(`/v${etcd}/${folder}.tar.gz`, archive);
  files.set(
    `/v${etcd}/SHA256SUMS`,
    Buffer.from(`${sha256(archive)}  ${folder}.tar.gz\n${"0".repeat(64)}  other.zip\n`),
  );
  const server: ReleaseServer = { url: "", requests: [], files, override: undefined, close: async () => undefined };
  const listener = createServer((request, response) => {
    const body = files.get(request.url ?? "");
    server.requests.push([request.url, request.headers.range].filter((part) => part !== undefined).join(" "));
    if (server.override?.(request, response, body) === true) return;
    if (body === undefined) response.writeHead(404).end();
    else sendRange(request, response, body);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return Object.assign(server, {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        listener.close(() => resolve());
        listener.closeAllConnections();
      }),
  });
}

function sendRange(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  if (from >= body.length) response.writeHead(416).end();
  else response.writeHead(from > 0 ? 206 : 200, { "content-length": body.length - from }).end(body.subarray(from));
}

/** 300 KB that differ by name, and run: a shell script that says a version. */
export function binaryContent(name: string): Buffer {
  const script = `#!/bin/sh\necho ${name} v1.36.3\nexit 0\n`;
  return Buffer.concat([Buffer.from(script), Buffer.alloc(300_000, createHash("sha256").update(name).digest())]);
}

export function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A POSIX ustar archive. */
export function tar(entries: readonly (readonly [path: string, content: Buffer])[]): Buffer {
  const blocks = entries.flatMap(([path, content]) => {
    const header = Buffer.alloc(512);
    header.write(path, 0);
    header.write("0000755\0", 100);
    header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("0", 156);
    header.write("ustar\0", 257);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
