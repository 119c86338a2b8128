import type { AddressInfo } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import { serving } from "./loopback-server.ts";

/** Frame types of RFC 9113 §6, as far as tests name them. */
export const frameType = { data: 0, headers: 1, rstStream: 3, settings: 4, ping: 6, goaway: 7 } as const;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export interface FrameConnection {
  readonly socket: TLSSocket;
  send(type: number, flags: number, stream: number, payload: Buffer): void;
  /** HEADERS with `:status: 200` and nothing else, from HPACK's static table. */
  respond200(stream: number): void;
}

/** Does exactly what the test says and nothing more: for what no well-behaved server would send. */
export async function startFrameServer(
  onFrame: (frame: Frame, connection: FrameConnection) => void,
): Promise<{ readonly url: string; stop(): void }> {
  const sockets: TLSSocket[] = [];
  const server = createServer({ cert: serving.certPem, key: serving.keyPem, ALPNProtocols: ["h2"] }, (socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    const connection = connectionOf(socket);
    connection.send(frameType.settings, 0, 0, Buffer.alloc(0));
    let pending = Buffer.alloc(0);
    let preface = 24;
    socket.on("data", (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      if (preface > 0) {
        if (pending.length < preface) return;
        pending = pending.subarray(preface);
        preface = 0;
      }
      for (;;) {
        const length = pending.length < 9 ? Number.POSITIVE_INFINITY : pending.readUIntBE(0, 3);
        if (pending.length < 9 + length) return;
        const payload = pending.subarray(9, 9 + length);
        onFrame(
          { type: pending.readUInt8(3), flags: pending.readUInt8(4), stream: pending.readUInt32BE(5), payload },
          connection,
        );
        pending = pending.subarray(9 + length);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function connectionOf(socket: TLSSocket): FrameConnection {
  const send = (type: number, flags: number, stream: number, payload: Buffer): void => {
    const header = Buffer.alloc(9);
    header.writeUIntBE(payload.length, 0, 3);
    header.writeUInt8(type, 3);
    header.writeUInt8(flags, 4);
    header.writeUInt32BE(stream, 5);
    socket.write(Buffer.concat([header, payload]));
  };
  return { socket, send, respond200: (stream) => send(frameType.headers, 4, stream, Buffer.from([0x88])) };
}

export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}
