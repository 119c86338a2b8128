import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy on loopback that makes a server look far away. */
export interface DelayProxy {
  /** https://127.0.0.1:port */
  readonly url: string;
  close(): Promise<void>;
}

/** @param delayMs added to each direction: a round trip takes twice that longer */
export async function startDelayProxy(server: string, delayMs: number): Promise<DelayProxy> {
  const target = new URL(server);
  const sockets = new Set<Socket>();
  const listener = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ host: target.hostname, port: Number(target.port), allowHalfOpen: true });
    join(near, far, delayMs, sockets);
    join(far, near, delayMs, sockets);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => listener.close(() => resolve()));
    },
  };
}

/** Timers of equal length fire in the order in which they were set, so that bytes stay in order. */
function join(from: Socket, to: Socket, delayMs: number, sockets: Set<Socket>): void {
  sockets.add(from);
  from.setNoDelay(true);
  from.on("data", (bytes) => setTimeout(() => to.writable && to.write(bytes), delayMs));
  from.on("end", () => setTimeout(() => to.end(), delayMs));
  from.on("error", () => to.destroy());
  from.on("close", () => {
    sockets.delete(from);
    setTimeout(() => to.destroy(), delayMs);
  });
}
