import { countAbove, type HistogramData, quantiles } from "../histogram.ts";
import type { PodStartupVerdict } from "../verdict.ts";
import { minSamples, podStartupLimitUs, withinP99 } from "./api-slo.ts";

/** The pods of one load. */
export interface PodStartupFacts {
  /** Created → observed started, of the pods that did start; µs. */
  readonly startup: HistogramData;
  /** Pods that had not started when the run stopped waiting: failures of the SLI, not absent samples. */
  readonly neverReady: number;
}

/** The pod startup SLO: 99 % of stateless pods within 5 s (slos/pod_startup_latency.md). */
export function judgePodStartup(facts: PodStartupFacts, limitUs: number = podStartupLimitUs): PodStartupVerdict {
  const count = facts.startup.count + facts.neverReady;
  const overLimit = countAbove(facts.startup, limitUs) + facts.neverReady;
  return {
    status: count < minSamples ? "no-data" : withinP99(count, overLimit) ? "passed" : "failed",
    limitUs,
    count,
    overLimit,
    neverReady: facts.neverReady,
    ...(facts.startup.count === 0 ? {} : { p99Us: quantiles(facts.startup).p99 }),
  };
}
