import { describe, expect, it } from "vitest";
import type { Output } from "./output.ts";
import { main } from "./program.ts";

async function hollow(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let stdout = "";
  let stderr = "";
  const output: Output = {
    live: false,
    columns: 80,
    color: false,
    raw: () => undefined,
    result: (text) => {
      stdout += `${text}\n`;
    },
    note: (text) => {
      stderr += `${text}\n`;
    },
  };
  const code = await main(args, output);
  return { code, stdout, stderr };
}

describe("help", () => {
  it.each([
    [["--help"]],
    [["run", "--help"]],
    [["up", "--help"]],
    [["cleanup", "--help"]],
    [["assets", "install", "--help"]],
  ])("%j fits 80 columns, on stdout", async (args) => {
    const { code, stdout, stderr } = await hollow(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it("names every exit code", async () => {
    const { stdout } = await hollow("run", "--help");
    for (const code of [0, 1, 2, 3, 4, 5, 130]) expect(stdout).toMatch(new RegExp(`^ +${code}  \\S`, "m"));
  });

  it("comes on stderr with code 2 where a command is missing", async () => {
    const { code, stdout, stderr } = await hollow("assets");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("install");
    expect(await hollow("rnu")).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("scenarios", () => {
  it("lists each on one line of at most 80 columns, and prints one as JSON", async () => {
    const { stdout } = await hollow("scenarios");
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    const shown = await hollow("scenarios", "--show", "density");
    expect(JSON.parse(shown.stdout)).toMatchObject({ name: "density", workload: { podsPerNode: 10 } });
  });
});
