import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtinMetrics } from "./builtin.ts";
import { MetricsError } from "./metrics-error.ts";
import { outcomes } from "./outcome.ts";
import { fullRunResult } from "./run-result.testing.ts";
import { podPhases } from "./run-result.ts";
import { parseRunResult, runSchemaUrl, validateRunResult } from "./validate-run-result.ts";

const schema = JSON.parse(readFileSync(runSchemaUrl, "utf8"));

describe("the schema of a run result", () => {
  it("takes a full result, as it comes back from JSON", async () => {
    const result = JSON.parse(JSON.stringify(fullRunResult()));
    expect(await validateRunResult(result)).toEqual([]);
    expect(await parseRunResult(JSON.stringify(result))).toEqual(fullRunResult());
  });

  it("names no property that a full result does not have", () => {
    const unseen = new Set<string>();
    compare(schema, fullRunResult(), "", unseen);
    expect([...unseen]).toEqual([]);
  });

  it("knows every metric, outcome and pod phase", () => {
    const { metricHistogram, podStartup } = schema.definitions;
    expect(metricHistogram.properties.metric.enum).toEqual(Object.keys(builtinMetrics));
    expect([...schema.properties.outcome.enum].sort()).toEqual(Object.keys(outcomes).sort());
    expect(podStartup.properties.phases.items.properties.phase.enum).toEqual(podPhases);
  });

  it.each([
    ["an unknown field", { extra: 1 }, '/ must NOT have additional properties: "extra"'],
    ["another version", { schemaVersion: "hollowfleet.run/v2" }, "/schemaVersion must be equal to constant"],
    ["an unknown outcome", { outcome: "fine" }, "/outcome must be equal to one of the allowed values"],
    ["a missing part", { nodes: undefined }, "/ must have required property 'nodes'"],
    ["a figure that is none", { exitCode: "0" }, "/exitCode must be integer"],
  ])("refuses %s", async (_, over, fault) => {
    const faults = await validateRunResult(JSON.parse(JSON.stringify({ ...fullRunResult(), ...over })));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  it("says what a stored text is instead of a result", async () => {
    await expect(parseRunResult("{")).rejects.toThrow("not a run result: not JSON");
    await expect(parseRunResult("null")).rejects.toThrow("its schemaVersion is undefined");
    await expect(parseRunResult('{"schemaVersion":"hollowfleet.run/v1"}')).rejects.toThrow(MetricsError);
  });
});

/** Collects the paths of all properties of the schema that no value at their place has. */
function compare(node: Schema, value: unknown, path: string, unseen: Set<string>): void {
  const { $ref: reference } = node;
  if (reference !== undefined) {
    compare(schema.definitions[reference.slice("#/definitions/".length)], value, path, unseen);
    return;
  }
  if (node.items !== undefined) {
    expect(value, `${path} needs an element to compare with`).not.toEqual([]);
    const merged = Object.assign({}, ...(value as object[]));
    compare(node.items, typeof (value as unknown[])[0] === "object" ? merged : value, `${path}[]`, unseen);
  }
  for (const [name, property] of Object.entries(node.properties ?? {})) {
    const inner = (value as Record<string, unknown>)[name];
    if (inner === undefined) unseen.add(`${path}.${name}`);
    else compare(property, inner, `${path}.${name}`, unseen);
  }
}

interface Schema {
  readonly $ref?: string;
  readonly items?: Schema;
  readonly properties?: Record<string, Schema>;
}
