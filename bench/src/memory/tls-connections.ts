import { connect, createSecureContext, type TLSSocket } from "node:tls";
import { createNodeClients, type NodeClient } from "./node-client.ts";
import { growPaced } from "./paced.ts";
import type { HolderPlan, Part } from "./part.ts";

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/**
 * The least that HTTP/2 needs to keep a connection open: the preface, empty SETTINGS, and the acknowledgement of the
 * server's (RFC 9113 §3.4, §6.5).
 */
const opening = Buffer.concat([
  Buffer.from(preface),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
  Buffer.from([0, 0, 0, 4, 1, 0, 0, 0, 0]),
]);

/** Bare TLS connections on one re-keyed context, as our client shares it; what they receive is thrown away. */
export function createTlsConnections(plan: HolderPlan): Part {
  const clientOf = createNodeClients(plan);
  const context = createSecureContext({ ca: plan.caPem });
  const sockets: TLSSocket[] = [];
  const { hostname, port } = new URL(plan.server);
  const begin = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const { transport } = clientOf(index);
      rekey(context, transport);
      const localAddress = transport.localAddress ?? "127.0.0.1";
      const options = {
        host: hostname,
        port: Number(port),
        localAddress,
        secureContext: context,
        ALPNProtocols: ["h2"],
      };
      const socket = connect(options, () => {
        socket.write(opening);
        resolve();
      });
      socket.on("error", reject);
      socket.resume();
      sockets[index] = socket;
    });
  return {
    grow: (count) => growPaced(sockets.length, count, plan.nodeRatePerS, begin),
    held: () => sockets.filter((socket) => !socket.destroyed && socket.readable).length,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return Promise.resolve();
    },
  };
}

/** See `secureContextFor` of the client: a TLS object copies certificate and key when it is made. */
function rekey(context: ReturnType<typeof createSecureContext>, { certPem, keyPem }: NodeClient["transport"]): void {
  if (certPem === undefined || keyPem === undefined) return;
  const native = context.context as { setCert(pem: string): void; setKey(pem: string): void };
  native.setCert(certPem);
  native.setKey(keyPem);
}
