import { createRecorder } from "./recorder.ts";
import { type RunResult, runSchemaVersion } from "./run-result.ts";
import { selfCheck } from "./self-check.ts";
import { histogramResult, seriesResults } from "./series-result.ts";
import { judgeClientSide } from "./slo/client-side.ts";
import { judgeEnvelope } from "./slo/envelope.ts";
import { judgeOfficial } from "./slo/official.ts";
import { judgePodStartup } from "./slo/pod-startup.ts";
import { FakeMetrics } from "./slo/scrape.testing.ts";
import { histogramOf } from "./snapshot.ts";

/** A result with every field that the type knows, the optional ones included. */
export function fullRunResult(): RunResult {
  const recorder = createRecorder();
  const call = { verb: "GET", resource: "pods", subresource: "status", scope: "resource", code: "200" };
  const span = { latencyUs: 900, intendedLatencyUs: 950, lagUs: 50 };
  recorder.call("driver", { ...call, ...span, requestBytes: 1, responseBytes: 2, attempts: 1, rejected: 0 });
  recorder.observe("node_ready", {}, 70_000);
  recorder.count("dropped_starts", { verb: "GET", resource: "pods", subresource: "", scope: "resource" });
  const snapshot = recorder.snapshot();
  const { quantiles } = histogramResult(histogramOf(snapshot, "node_ready"));
  const startup = { startup: histogramOf(snapshot, "node_ready"), neverReady: 1 };
  return {
    schemaVersion: runSchemaVersion,
    outcome: "invalid",
    exitCode: 5,
    message: "a thread died",
    manifest: manifest(),
    phases: [{ name: "register", startMs: 0, endMs: 900, ended: "done", counts: { nodes: 1 } }],
    ...seriesResults(snapshot),
    podStartup: [
      {
        load: "latency",
        created: 2,
        ready: 1,
        neverReady: 1,
        phases: [{ phase: "created-to-observed", watch: quantiles, api: quantiles }],
        simulated: { meanUs: 460_000, share: 0.8 },
      },
    ],
    nodes: { planned: 1, registered: 1, ready: 1, notReadyOnceReady: 0, readyAfter: quantiles },
    leases: { due: 10, seen: 9, lateOurs: 1, lateServer: 0, gap: quantiles, delay: quantiles },
    verdicts: {
      official: official(),
      clientSide: judgeClientSide(snapshot),
      podStartup: { latency: judgePodStartup(startup), saturation: judgePodStartup(startup) },
    },
    selfCheck: selfCheck({
      lagP99Us: 300_000,
      smallestLimitUs: 1_000_000,
      startsDue: 100,
      startsDropped: 1,
      threads: [{ name: "shard-0", busyMax10s: 0.9 }],
      deadWorkers: [{ name: "shard-1", cause: "out of heap" }],
      heartbeatsPlanned: 10,
      heartbeatsSeen: 9,
      runQueueWaitShare: 0.2,
    }),
    resources: {
      simulator: {
        cpuSeconds: 12.5,
        rssBytesMax: 300_000_000,
        threads: [{ name: "shard-0", cpuSeconds: 9, runQueueWaitSeconds: 1, busyMax10s: 0.9 }],
      },
      controlPlane: [{ component: "etcd", cpuSeconds: 3, rssBytesMax: 90_000_000 }],
    },
    cleanup: { state: "left-over", left: [{ resource: "pods", count: 3 }] },
    injected: [{ rule: "delay=1500ms,share=0.03", seen: 10_000, hit: 297, delaySumMs: 445_500, delayMsMax: 1500 }],
  };
}

function manifest(): RunResult["manifest"] {
  return {
    runId: "r-1",
    startedAt: "2026-11-23T05:00:00.000Z",
    endedAt: "2026-11-23T05:00:01.000Z",
    durationMs: 1000,
    versions: { hollowfleet: "0.1.0", kubernetes: "v1.36.3" },
    git: { commit: "abc", dirty: true },
    host: { cpuModel: "cpu", cpus: 2, memoryBytes: 1024, os: "linux" },
    target: { kind: "kind", real: true, version: "v1.36.3", context: "kind-x" },
    targetSettings: { "kube-scheduler.kube-api-qps": "500" },
    identity: "node-cert",
    connections: "per-node",
    profile: "kubelet",
    watches: "all",
    seed: 1,
    scenario: { name: "density", probes: [{ verb: "GET", ratePerS: 1 }], workload: null },
    flags: ["--nodes", "1"],
  };
}

function official(): RunResult["verdicts"]["official"] {
  const server = new FakeMetrics();
  const before = server.scrape(0);
  server.served({}, 100, 150);
  return judgeOfficial([before, server.scrape(60_000)], judgeEnvelope({ nodes: 6000 }));
}
