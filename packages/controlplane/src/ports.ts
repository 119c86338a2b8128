import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";
import { ControlPlaneError } from "./control-plane-error.ts";

/**
 * Below Linux' range for outgoing connections (net.ipv4.ip_local_port_range, 32768 and up), of which a fleet opens
 * thousands: none of them can take a port between our look and the component's bind.
 */
const range = { from: 20_000, to: 32_000 } as const;
const maxTries = 200;

/**
 * Free TCP ports on 127.0.0.1. They are drawn at random, never from a run's seed, so that two runs do not meet, and all
 * are held at once, so that they differ. Another process may still take one before its component binds: see `startLocal`.
 */
export async function freePorts(count: number): Promise<number[]> {
  const held: Server[] = [];
  try {
    for (let tries = 0; held.length < count && tries < maxTries; tries++) {
      const server = await hold(randomInt(range.from, range.to));
      if (server !== undefined) held.push(server);
    }
    if (held.length < count) {
      throw new ControlPlaneError("unsupported-host", `no ${count} free ports from ${range.from} to ${range.to}`);
    }
    return held.map((server) => (server.address() as { port: number }).port);
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

function hold(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => resolve(server));
  });
}
