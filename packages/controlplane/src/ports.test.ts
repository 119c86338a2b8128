import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { freePorts } from "./ports.ts";

describe("freePorts", () => {
  it("finds ports that differ, can be bound and are not handed out for outgoing connections", async () => {
    const ports = await freePorts(20);
    expect(new Set(ports).size).toBe(20);
    for (const port of ports) {
      expect(port).toBeLessThan(32_768);
      await new Promise<void>((resolve, reject) => {
        const server = createServer().once("error", reject);
        server.listen(port, "127.0.0.1", () => server.close(() => resolve()));
      });
    }
  });
});
