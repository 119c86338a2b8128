import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import { authority } from "./server.ts";

/** HTTP/2 by hand, for what no client library does. */
export interface RawHttp2 {
  readonly socket: TLSSocket;
  /** HEADERS without END_STREAM. */
  headers(streamId: number, headers: Readonly<Record<string, string>>): void;
  data(streamId: number, body: string): void;
  /** RST_STREAM. */
  reset(streamId: number, code: number): void;
}

const frameTypes = { data: 0, headers: 1, reset: 3, settings: 4 } as const;
const endHeaders = 4;

export async function openRawHttp2(port: number): Promise<RawHttp2> {
  const socket = connect({ host: "127.0.0.1", port, ca: authority.certPem, ALPNProtocols: ["h2"] });
  socket.on("error", () => undefined);
  await once(socket, "secureConnect");
  const frame = (type: number, flags: number, streamId: number, payload: Buffer) => {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head[3] = type;
    head[4] = flags;
    head.writeUInt32BE(streamId, 5);
    socket.write(Buffer.concat([head, payload]));
  };
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  frame(frameTypes.settings, 0, 0, Buffer.alloc(0));
  socket.resume();
  return {
    socket,
    headers: (streamId, headers) => frame(frameTypes.headers, endHeaders, streamId, literalHeaders(headers)),
    data: (streamId, body) => frame(frameTypes.data, 0, streamId, Buffer.from(body)),
    reset(streamId, code) {
      const payload = Buffer.alloc(4);
      payload.writeUInt32BE(code);
      frame(frameTypes.reset, 0, streamId, payload);
    },
  };
}

/** HPACK without its table: each name and value as it is, both shorter than 127 bytes. */
function literalHeaders(headers: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(headers).flatMap(([name, value]) => [
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
  return Buffer.concat(parts);
}
