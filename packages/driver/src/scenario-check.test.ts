import { describe, expect, it } from "vitest";
import { checkScenario } from "./scenario-check.ts";
import { density } from "./scenarios/density.ts";
import { builtinScenarios } from "./scenarios/index.ts";
import { applySettings } from "./settings.ts";

function faultsOf(settings: readonly string[]): Record<string, string> {
  const { data, faults } = applySettings(density(), settings);
  const checked = checkScenario(data);
  const all = [...faults, ...("faults" in checked ? checked.faults : [])];
  return Object.fromEntries(all.map(({ path, message }) => [path, message]));
}

describe("checkScenario", () => {
  it.each(builtinScenarios.map((scenario) => scenario.name))("accepts %s as it comes", (name) => {
    const found = builtinScenarios.find((scenario) => scenario.name === name);
    expect(checkScenario(found?.create())).toHaveProperty("scenario");
  });

  it("lists every fault at once, with the value that was found", () => {
    const faults = faultsOf([
      "fleet.pools.0.count=many",
      "fleet.profile=kubelt",
      "workload.podRatePerS=0",
      "fleet.kubeletVersion=1.36",
    ]);
    expect(faults["fleet.pools.0.count"]).toContain('"many"');
    expect(faults["fleet.profile"]).toContain("kubelet, kubemark, status-only");
    expect(faults["workload.podRatePerS"]).toContain("> 0");
    expect(faults["fleet.kubeletVersion"]).toBeDefined();
  });

  it("names the remedies where two fields exclude each other", () => {
    expect(faultsOf(["fleet.connections=pooled"])["fleet.connections"]).toMatch(/node-token.*per-node/);
  });

  it("refuses pods that cannot fit", () => {
    expect(faultsOf(["workload.podsPerNode=111"])["workload.podsPerNode"]).toContain("110");
  });

  it("reads delays as people write them", () => {
    const { data } = applySettings(density(), ["fleet.delays.sandbox=lognormal(400ms,2s)", "fleet.delays.container=0"]);
    const checked = checkScenario(data);
    expect("scenario" in checked && checked.scenario.fleet.delays).toMatchObject({
      sandbox: { kind: "lognormal", medianMs: 400, p99Ms: 2000 },
      container: { kind: "constant", ms: 0 },
    });
  });
});

describe("applySettings", () => {
  it("sets numbers, texts and fields of maps, and leaves the original alone", () => {
    const before = density();
    const { data, faults } = applySettings(before, ["seed=7", "fleet.pools.0.labels.team=a", "fleet.pools.0.zone=z1"]);
    expect(faults).toEqual([]);
    expect(data).toMatchObject({ seed: 7, fleet: { pools: [{ labels: { team: "a" }, zone: "z1" }] } });
    expect(before.seed).toBe(1);
  });

  it("knows no field that is not there", () => {
    const { faults } = applySettings(density(), ["fleet.nodeRate=5", "nonsense", "workload.x.y=1"]);
    expect(faults.map((fault) => fault.path)).toEqual(["fleet.nodeRate", "nonsense", "workload.x.y"]);
    expect(faults[0]?.message).toContain("nodeRatePerS");
  });
});
