import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { systemClock } from "@hollowfleet/core";
import { joinList, type Kind, kinds, type Status, wrap } from "@hollowfleet/wire";
import type { ApiClient } from "../api-client.ts";
import type { CallRecord } from "../call.ts";
import { type ApiClientOptions, createApiClient } from "../create-api-client.ts";
import { createHttp2Transport } from "../session-pool.ts";
import type { Transport } from "../transport.ts";
import { authority, type LoopbackServer, startLoopbackServer } from "./loopback-server.ts";

/** One request as the server saw it, and the means to answer. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly stream: ServerHttp2Stream;
  answer<T>(kind: Kind<T>, object: T, status?: number): void;
  refuse(status: number, facts: Status, headers?: Record<string, string>): void;
}

export interface ScriptedApi {
  readonly loopback: LoopbackServer;
  readonly seen: Received[];
  readonly records: CallRecord[];
  readonly transport: Transport;
  readonly client: ApiClient;
  stop(): Promise<void>;
}

const protobuf = "application/vnd.kubernetes.protobuf";

/** A server on loopback that answers by a script, and a client of it. */
export async function startScriptedApi(
  script: (request: Received, number: number) => void,
  options: Partial<Pick<ApiClientOptions, "clock" | "settings" | "headers" | "onUnauthorized">> = {},
): Promise<ScriptedApi> {
  const loopback = await startLoopbackServer();
  const seen: Received[] = [];
  const records: CallRecord[] = [];
  loopback.server.on("stream", (stream, headers) => {
    const parts: Buffer[] = [];
    stream.on("error", () => {});
    stream.on("data", (part: Buffer) => parts.push(part));
    stream.on("end", () => {
      if (stream.destroyed) return;
      const received: Received = {
        method: String(headers[":method"]),
        path: String(headers[":path"]),
        headers,
        body: Buffer.concat(parts),
        stream,
        answer: (kind, object, status = 200) => {
          stream.respond({ ":status": status, "content-type": protobuf });
          stream.end(wrap(kind.apiVersion, kind.kind, kind.encode(object)));
        },
        refuse: (status, facts, extra = {}) => {
          stream.respond({ ":status": status, "content-type": protobuf, ...extra });
          stream.end(wrap("v1", "Status", kinds.Status.encode({ status: "Failure", code: status, ...facts })));
        },
      };
      seen.push(received);
      script(received, seen.length);
    });
  });
  const clock = options.clock ?? systemClock;
  const transport = createHttp2Transport({ server: loopback.url, caPem: authority.certPem, clock });
  const client = createApiClient({
    ...options,
    transport,
    clock,
    observer: { onCall: (record) => records.push(record) },
  });
  return {
    loopback,
    seen,
    records,
    transport,
    client,
    async stop() {
      transport.close();
      await loopback.stop();
    },
  };
}

/** One frame of a watch's body. */
export function watchFrame<T>(type: string, kind: Kind<T>, object: T): Buffer {
  const envelope = wrap(kind.apiVersion, kind.kind, kind.encode(object));
  const extension = Buffer.concat([Buffer.from([0x0a]), varint(envelope.length), envelope]);
  const event = Buffer.concat([
    Buffer.from([0x0a, type.length]),
    Buffer.from(type),
    Buffer.from([0x12]),
    varint(extension.length),
    extension,
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.length);
  return Buffer.concat([length, event]);
}

/** A list's body. */
export function listBody<T>(kind: Kind<T>, objects: readonly T[], resourceVersion: string, token = ""): Uint8Array {
  const items = objects.map((object) => kind.encode(object));
  return wrap(
    kind.apiVersion,
    `${kind.kind}List`,
    joinList({ resourceVersion, continue: token, remainingItemCount: undefined, items }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
