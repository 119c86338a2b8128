import { seededRandom } from "@hollowfleet/core";
import {
  createRecorder,
  histogramOf,
  histogramResult,
  judgeClientSide,
  judgeEnvelope,
  judgeOfficial,
  judgePodStartup,
  type MetricName,
  type PodStartupResult,
  podPhases,
  type Recorder,
  type RunResult,
  runSchemaVersion,
  type SelfCheckFigures,
  type ServerScrape,
  type Snapshot,
  selfCheck,
  seriesResults,
} from "@hollowfleet/metrics";

/** What a test changes in the run. Shares are between 0 and 1. */
export interface FixtureOptions {
  /** Of the driver's POSTs of pods, answered 503. */
  readonly failingShare?: number;
  /** Latency pods that never started. */
  readonly neverReady?: number;
  readonly figures?: Partial<SelfCheckFigures>;
  /** Of all calls, made. */
  readonly scale?: number;
}

/** A density run of 1,000 nodes as it might have been; always the same for the same options. */
export function runResult(options: FixtureOptions = {}): RunResult {
  const snapshot = recorded(options);
  const quantiles = (metric: MetricName) => histogramResult(histogramOf(snapshot, metric)).quantiles;
  const neverReady = options.neverReady ?? 0;
  const startup = (load: string) =>
    histogramOf(snapshot, "pod_startup", { load, phase: "created-to-observed", clock: "watch" });
  const envelope = judgeEnvelope({ nodes: 1000, pods: 10_520, podsPerNode: 12, churnPerSecond: 44 });
  return {
    schemaVersion: runSchemaVersion,
    outcome: "passed",
    exitCode: 0,
    manifest: manifest(),
    phases: phases(),
    ...seriesResults(snapshot),
    podStartup: [podStartup(snapshot, "latency", neverReady), podStartup(snapshot, "saturation", 0)],
    nodes: { planned: 1000, registered: 1000, ready: 1000, notReadyOnceReady: 0, readyAfter: quantiles("node_ready") },
    leases: {
      due: 38_960,
      seen: 38_951,
      lateOurs: 0,
      lateServer: 0,
      gap: quantiles("lease_gap"),
      delay: quantiles("lease_delay"),
    },
    verdicts: {
      official: judgeOfficial(scrapes(), envelope),
      clientSide: judgeClientSide(snapshot),
      podStartup: {
        latency: judgePodStartup({ startup: startup("latency"), neverReady }),
        saturation: judgePodStartup({ startup: startup("saturation"), neverReady: 0 }),
      },
    },
    selfCheck: selfCheck({ ...healthy, ...options.figures }),
    resources: resources(),
    cleanup: { state: "clean", left: [] },
  };
}

const healthy: SelfCheckFigures = {
  lagP99Us: 7_900,
  smallestLimitUs: 1_000_000,
  startsDue: 12_400,
  startsDropped: 0,
  threads: [
    { name: "shard-0", busyMax10s: 0.412 },
    { name: "shard-1", busyMax10s: 0.405 },
  ],
  deadWorkers: [],
  heartbeatsPlanned: 38_960,
  heartbeatsSeen: 38_951,
  runQueueWaitShare: 0.031,
};

function recorded({ failingShare = 0, scale = 1 }: FixtureOptions): Snapshot {
  const recorder = createRecorder();
  const random = seededRandom(7);
  const around = (medianUs: number): number =>
    Math.round(medianUs * Math.exp((random.next() + random.next() - 1) * 1.6));
  const calls = (source: "driver" | "kubelet", name: string, code: string, times: number, medianUs: number): void => {
    const [verb = "", resource = "", subresource = "", scope = "resource"] = name.split(" ");
    for (let index = 0; index < Math.round(times * scale); index++) {
      const latencyUs = around(medianUs);
      const lagUs = around(600);
      const bytes = { requestBytes: 900, responseBytes: 1200 };
      const labels = { verb, resource, subresource: subresource === "-" ? "" : subresource, scope, code };
      recorder.call(source, {
        ...labels,
        latencyUs,
        intendedLatencyUs: latencyUs + lagUs,
        lagUs,
        ...bytes,
        attempts: 1,
        rejected: 0,
      });
    }
  };
  calls("driver", "POST pods", "201", 520 * (1 - failingShare), 4200);
  calls("driver", "POST pods", "503", 520 * failingShare, 900);
  calls("driver", "POST deployments", "201", 200, 5100);
  calls("driver", "GET configmaps", "200", 600, 1900);
  calls("driver", "LIST pods - namespace", "200", 300, 31_000);
  calls("driver", "LIST nodes - cluster", "200", 60, 64_000);
  calls("driver", "DELETE pods", "200", 520, 6100);
  calls("kubelet", "PUT leases", "200", 4000, 2300);
  calls("kubelet", "PATCH pods status", "200", 3000, 8700);
  calls("kubelet", "GET pods", "404", 50, 2100);
  startups(recorder, around, scale);
  return recorder.snapshot();
}

function startups(recorder: Recorder, around: (medianUs: number) => number, scale: number): void {
  for (let index = 0; index < 1000 * scale; index++) recorder.observe("node_ready", {}, around(310_000));
  for (let index = 0; index < 1000; index++) recorder.observe("lease_gap", {}, 10_000_000 + around(120_000));
  for (let index = 0; index < 1000; index++) recorder.observe("lease_delay", {}, around(2100));
  for (const [load, pods, slow] of [
    ["latency", 500, 1],
    ["saturation", 3000, 6],
  ] as const) {
    for (let index = 0; index < pods * scale; index++) {
      const spans = [around(9000 * slow), 460_000 + around(42_000 * slow), around(4000 * slow)];
      const whole = spans.reduce((sum, span) => sum + span, 0);
      [...spans, whole].forEach((span, at) => {
        const phase = podPhases[at] ?? "created-to-observed";
        recorder.observe("pod_startup", { load, phase, clock: "watch" }, span);
        if (at === 3) recorder.observe("pod_startup", { load, phase, clock: "api" }, Math.round(span / 1e6) * 1e6);
      });
    }
  }
}

function podStartup(snapshot: Snapshot, load: "latency" | "saturation", neverReady: number): PodStartupResult {
  const read = (phase: string, clock: string) =>
    histogramResult(histogramOf(snapshot, "pod_startup", { load, phase, clock })).quantiles;
  const whole = read("created-to-observed", "watch");
  return {
    load,
    created: whole.count + neverReady,
    ready: whole.count,
    neverReady,
    phases: podPhases.map((phase) => ({
      phase,
      watch: read(phase, "watch"),
      ...(phase === "created-to-observed" ? { api: read(phase, "api") } : {}),
    })),
    simulated: { meanUs: 460_000, share: whole.mean === 0 ? 0 : 460_000 / whole.mean },
  };
}

/** Scrapes of six minutes: each series with so many calls a minute, all in one bucket. */
function scrapes(): ServerScrape[] {
  const boundsSeconds = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];
  const series: readonly (readonly [name: string, perMinute: number, bucket: number])[] = [
    ["POST pods", 1900, 0],
    ["DELETE pods", 1800, 0],
    ["POST deployments", 34, 0],
    ["GET configmaps", 100, 0],
    ["LIST pods - namespace", 50, 1],
    ["LIST nodes - cluster", 10, 1],
    ["PUT leases", 5900, 0],
    ["PATCH pods status", 5400, 2],
    ["POST pods binding", 1750, 0],
    ["POST events", 5600, 1],
    ["PATCH nodes status", 200, 0],
    ["GET pods", 5500, 0],
    ["POST serviceaccounts token", 1800, 0],
    ["PUT deployments status", 90, 0],
    ["PUT replicasets status", 150, 0],
    ["GET nodes", 400, 0],
    ["POST csinodes", 3, 0],
  ];
  return Array.from({ length: 7 }, (_, minute) => ({
    atMs: minute * 60_000,
    boundsSeconds,
    sli: series.map(([name, perMinute, bucket]) => {
      const [verb = "", resource = "", subresource = "", scope = "resource"] = name.split(" ");
      const count = perMinute * minute;
      const buckets = boundsSeconds.map((_, at) => (at >= bucket ? count : 0));
      return { group: "", resource, subresource: subresource === "-" ? "" : subresource, verb, scope, buckets, count };
    }),
    requests: [],
    terminations: [],
    flowControlRejected: 0,
  }));
}

function manifest(): RunResult["manifest"] {
  return {
    runId: "density-7k2q9x",
    startedAt: "2026-11-23T05:00:00.000Z",
    endedAt: "2026-11-23T05:09:41.000Z",
    durationMs: 581_000,
    versions: { hollowfleet: "0.1.0", node: "v20.20.2", kubernetes: "v1.36.3", etcd: "3.6.16" },
    git: { commit: "0123456789abcdef", dirty: false },
    host: { cpuModel: "AMD EPYC 7B13", cpus: 2, memoryBytes: 25_769_803_776, os: "linux 6.18" },
    target: { kind: "local", real: true, version: "v1.36.3" },
    targetSettings: {
      "kube-controller-manager.kube-api-qps": "500",
      "kube-scheduler.kube-api-qps": "500",
      "etcd.quota-backend-bytes": "8589934592",
    },
    identity: "node-cert",
    connections: "per-node",
    profile: "kubelet",
    watches: "all",
    seed: 1,
    scenario: { name: "density", workload: { podsPerNode: 10 } },
    flags: ["run", "density", "--nodes", "1000"],
  };
}

function phases(): RunResult["phases"] {
  const phase = (name: string, startMs: number, endMs: number, counts: Readonly<Record<string, number>>) => {
    return { name, startMs, endMs, ended: "done", counts } as const;
  };
  return [
    phase("register nodes", 6_100, 58_400, { nodes: 1000 }),
    phase("create deployments", 58_400, 396_200, { deployments: 200, pods: 10_000 }),
    phase("latency pods", 396_200, 498_000, { pods: 500 }),
    phase("probes", 498_000, 528_000, { calls: 960 }),
    phase("delete", 528_000, 579_300, { pods: 10_520 }),
  ];
}

function resources(): RunResult["resources"] {
  return {
    simulator: {
      cpuSeconds: 141.4,
      rssBytesMax: 512_000_000,
      threads: [
        { name: "main", cpuSeconds: 30.2, runQueueWaitSeconds: 4.1, busyMax10s: 0.21 },
        { name: "shard-0", cpuSeconds: 55.9, runQueueWaitSeconds: 11.6, busyMax10s: 0.412 },
        { name: "shard-1", cpuSeconds: 55.3, runQueueWaitSeconds: 11.2, busyMax10s: 0.405 },
      ],
    },
    controlPlane: [
      { component: "kube-apiserver", cpuSeconds: 401.7, rssBytesMax: 1_480_000_000 },
      { component: "etcd", cpuSeconds: 88.3, rssBytesMax: 310_000_000 },
      { component: "kube-controller-manager", cpuSeconds: 61, rssBytesMax: 220_000_000 },
      { component: "kube-scheduler", cpuSeconds: 39.5, rssBytesMax: 140_000_000 },
    ],
  };
}
