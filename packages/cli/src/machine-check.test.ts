import { describe, expect, it } from "vitest";
import { checkMachine } from "./machine-check.ts";
import type { MachineFacts } from "./machine-facts.ts";

const good: MachineFacts = {
  nodeVersion: "20.20.2",
  platform: "linux",
  openFiles: 1_000_000,
  freeMemoryBytes: 20e9,
  assets: { dir: "/assets", version: "1.36.3" },
  loopbackPort: true,
  loopbackAddresses: true,
  nowMs: Date.UTC(2026, 5, 1),
};

function missing(facts: Partial<MachineFacts>, nodes = 1000): string[] {
  return checkMachine({ ...good, ...facts }, nodes)
    .filter((check) => !check.ok)
    .map((check) => check.name);
}

describe("checkMachine", () => {
  it("finds nothing wrong with a good machine", () => {
    expect(missing({})).toEqual([]);
  });

  it.each([
    ["node", { nodeVersion: "20.18.1" }],
    ["node", { nodeVersion: "18.20.0" }],
    ["system", { platform: "darwin" }],
    ["files", { openFiles: 1024 }],
    ["memory", { freeMemoryBytes: 1e9 }],
    ["assets", { assets: { missing: "not installed" } }],
    ["ports", { loopbackPort: false }],
    ["source", { loopbackAddresses: false }],
    ["clock", { nowMs: 0 }],
  ] as const)("misses %s", (name, facts) => {
    expect(missing(facts)).toEqual([name]);
  });

  it("asks for as many open files as there are nodes, and says how to get them", () => {
    const files = checkMachine({ ...good, openFiles: 4096 }, 10_000).find((check) => check.name === "files");
    expect(files).toMatchObject({ ok: false, remedy: "ulimit -n 10256" });
    expect(missing({ openFiles: 4096 }, 1000)).toEqual([]);
  });
});
