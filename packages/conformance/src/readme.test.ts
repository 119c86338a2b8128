import { readFileSync } from "node:fs";
import { join } from "node:path";
import { podAnnotations } from "@hollowfleet/kubelet";
import { outcomes } from "@hollowfleet/metrics";
import { describe, expect, it } from "vitest";
import { runHollow } from "./support/hollow.ts";

const readme = readFileSync(join(import.meta.dirname, "../../../README.md"), "utf8");

describe("the README", () => {
  it("prints every annotation as the code documents it", () => {
    const rows = podAnnotations.map(
      ({ name, value, meaning, perContainer }) =>
        `| \`${name}\`${perContainer ? "" : " (pod)"} | ${value} | ${meaning} |`,
    );
    for (const row of rows) expect(readme).toContain(row);
  });

  it("names every exit code and outcome", () => {
    for (const [outcome, { exitCode }] of Object.entries(outcomes))
      expect(readme).toContain(`| ${exitCode} | ${outcome} |`);
  });

  it("names every command that the help names, and no other", async () => {
    const { stdout } = await runHollow(["--help"]);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+)(?: \[| {2,})/gm)].map((match) => match[1] ?? "");
    const known = commands.filter((name) => name !== "help");
    expect(known.length).toBeGreaterThan(4);
    for (const name of known) expect(readme).toContain(`\`hollow ${name}`);
    for (const [, name] of readme.matchAll(/^\| `hollow ([a-z]+)/gm)) expect(known).toContain(name);
  });
});
