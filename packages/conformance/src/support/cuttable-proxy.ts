import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy on loopback whose connections can be cut. */
export interface CuttableProxy {
  /** https://127.0.0.1:port */
  readonly url: string;
  /** Ends all connections at once, without a word. Returns how many there were. */
  cut(): number;
  /** From now on connections are taken and nothing is passed on, until `release`. */
  hold(): void;
  release(): void;
  close(): Promise<void>;
}

export async function startCuttableProxy(server: string): Promise<CuttableProxy> {
  const { hostname: host, port: farPort } = new URL(server);
  const open = new Set<Socket>();
  const held = new Set<Socket>();
  let holding = false;
  const pass = (near: Socket): void => joinSockets(near, connect({ host, port: Number(farPort) }));
  const listener = createServer((near) => {
    open.add(near);
    near.on("error", () => undefined);
    near.on("close", () => {
      open.delete(near);
      held.delete(near);
    });
    if (holding) held.add(near);
    else pass(near);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  const cut = (): number => {
    const count = open.size;
    for (const socket of open) socket.destroy();
    return count;
  };
  return {
    url: `https://127.0.0.1:${port}`,
    cut,
    hold() {
      holding = true;
    },
    release() {
      holding = false;
      for (const near of held) pass(near);
      held.clear();
    },
    close() {
      cut();
      return new Promise((resolve) => listener.close(() => resolve()));
    },
  };
}

function joinSockets(near: Socket, far: Socket): void {
  for (const socket of [near, far]) socket.setNoDelay(true);
  far.on("error", () => near.destroy());
  far.on("close", () => near.destroy());
  near.on("close", () => far.destroy());
  near.pipe(far).pipe(near);
}
