import { stripVTControlCharacters } from "node:util";
import type { Progress } from "@hollowfleet/driver";
import { describe, expect, it } from "vitest";
import type { Output } from "../output.ts";
import { LiveDisplay } from "./live-display.ts";
import { progressBlock, progressLine } from "./progress-text.ts";

const sample: Progress = {
  phase: "create pods",
  elapsedMs: 83_000,
  leftMs: 40_000,
  nodes: { total: 1000, registered: 1000, ready: 998 },
  pods: { total: 10_000, pending: 120, running: 4500 },
  callsPerS: 412.6,
  p50Us: 3200,
  p99Us: 61_000,
  errors: 2,
  rejected: 0,
  lagP99Us: 1500,
};

function recording(live: boolean): { output: Output; notes: string[]; raw: string[] } {
  const notes: string[] = [];
  const raw: string[] = [];
  const output: Output = {
    live,
    columns: 80,
    color: false,
    result: () => undefined,
    note: (text) => void notes.push(text),
    raw: (text) => void raw.push(text),
  };
  return { output, notes, raw };
}

describe("progress text", () => {
  it("fits 80 columns and shows every figure", () => {
    const lines = progressBlock(sample);
    for (const line of lines) expect(line.length).toBeLessThan(80);
    expect(lines.join("\n")).toMatchInlineSnapshot(`
      "1:23  create pods, 0:40 to go
        nodes  [###################.] 998/1000 Ready, 1000 registered
        pods   [#########...........] 4500/10000 Running, 120 pending
        calls  413/s  p50 3.2ms  p99 61ms  errors 2  429 0  lag p99 1.5ms"
    `);
  });

  it("puts the same on one line for logs", () => {
    expect(progressLine(sample)).toBe(
      "1:23 create pods, 0:40 to go | nodes 998/1000 Ready (1000 registered) | pods 4500/10000 Running (120 pending) | 413/s  p50 3.2ms  p99 61ms  errors 2  429 0  lag p99 1.5ms",
    );
  });
});

describe("LiveDisplay", () => {
  it("rewrites its block on a terminal", () => {
    const { output, raw } = recording(true);
    const display = new LiveDisplay(output, false);
    display.show(sample);
    display.show(sample);
    display.clear();
    display.clear();
    expect(raw).toHaveLength(3);
    expect(raw[0]).toMatch(/^1:23 {2}create pods/);
    // Four lines up and over the old ones; then four up and away.
    expect(raw[1]).toBe(`\u001b[4A${raw[0]}`);
    expect(raw[2]).toBe("\u001b[4A\u001b[J");
  });

  it("never writes a line as wide as the terminal", () => {
    const { output, raw } = recording(true);
    new LiveDisplay({ ...output, columns: 40 }, false).show(sample);
    for (const line of stripVTControlCharacters(raw.join("")).split("\n")) expect(line.length).toBeLessThan(40);
  });

  it("tells what of the control plane is waited for", () => {
    const terminal = recording(true);
    const display = new LiveDisplay(terminal.output, false);
    display.starting("etcd");
    display.starting("kube-apiserver");
    expect(terminal.raw.at(-1)).toContain("\u001b[1Astarting kube-apiserver");
    const log = recording(false);
    new LiveDisplay(log.output, false).starting("etcd");
    expect(log.notes).toEqual(["starting etcd"]);
  });

  it("writes a line every 10 s elsewhere, and one when the phase changes", () => {
    const { output, notes } = recording(false);
    const display = new LiveDisplay(output, false);
    for (let second = 0; second < 25; second++) display.show({ ...sample, elapsedMs: second * 1000 });
    expect(notes).toHaveLength(3);
    display.show({ ...sample, elapsedMs: 25_000, phase: "probe" });
    expect(notes).toHaveLength(4);
  });

  it("says nothing when it is told to be quiet", () => {
    const { output, notes } = recording(false);
    new LiveDisplay(output, true).show(sample);
    expect(notes).toEqual([]);
  });
});
