import type { EnvelopeBreach, EnvelopeVerdict } from "../verdict.ts";

/**
 * The load of a run at its highest. What is not known is left out and not judged.
 */
export interface LoadFacts {
  readonly nodes: number;
  /** Pod specs created, changed and deleted, and requests of users, in the busiest second. */
  readonly churnPerSecond?: number;
  readonly namespaces?: number;
  readonly pods?: number;
  readonly podsPerNode?: number;
  readonly podsPerNamespace?: number;
  /** Of the smallest node; the limit of pods per node depends on it. */
  readonly coresPerNode?: number;
  readonly services?: number;
  readonly servicesPerNamespace?: number;
  readonly endpointsPerService?: number;
  readonly deploymentsPerNamespace?: number;
  /** Objects of the most numerous built-in type that is not Event. */
  readonly objectsPerType?: number;
  readonly events?: number;
}

/** One row of kubernetes/community sig-scalability/configs-and-limits/thresholds.md, given for 5,000 nodes. */
interface Limit {
  readonly name: string;
  readonly fact: Exclude<keyof LoadFacts, "coresPerNode">;
  readonly at5000: number;
  /** Limits of the whole cluster fall in proportion for smaller clusters. */
  readonly scales: boolean;
  readonly what: string;
}

const largestNodes = 5000;

const limits: readonly Limit[] = [
  limit("nodes", "nodes", 5000, false, "nodes"),
  // slos.md, "you promise, we promise": cluster churn.
  limit("churn", "churnPerSecond", 20, false, "pod changes and user requests in one second"),
  limit("namespaces", "namespaces", 10_000, true, "namespaces"),
  limit("pods", "pods", 150_000, true, "pods"),
  limit("pods-per-namespace", "podsPerNamespace", 3000, false, "pods in one namespace"),
  limit("services", "services", 10_000, true, "services"),
  limit("services-per-namespace", "servicesPerNamespace", 5000, false, "services in one namespace"),
  limit("endpoints-per-service", "endpointsPerService", 250, false, "endpoints of one service"),
  limit("deployments-per-namespace", "deploymentsPerNamespace", 2000, false, "deployments in one namespace"),
  limit("objects-per-type", "objectsPerType", 150_000, true, "objects of one type"),
  limit("events", "events", 1_000_000, true, "events"),
];

/** Whether the SLOs are promised for such a load, and which limits it left. */
export function judgeEnvelope(facts: LoadFacts): EnvelopeVerdict {
  const scale = Math.min(1, facts.nodes / largestNodes);
  const left = limits.flatMap((each) => {
    const allowed = each.scales ? Math.ceil(each.at5000 * scale) : each.at5000;
    return breach(each.name, each.what, facts[each.fact], allowed);
  });
  const perNode = Math.min(110, 10 * (facts.coresPerNode ?? Number.POSITIVE_INFINITY));
  left.push(...breach("pods-per-node", "pods on one node", facts.podsPerNode, perNode));
  return { inside: left.length === 0, left };
}

function breach(name: string, what: string, observed: number | undefined, allowed: number): EnvelopeBreach[] {
  if (observed === undefined || observed <= allowed) return [];
  const sentence = `${round(observed)} ${what}, promised up to ${round(allowed)}`;
  return [{ limit: name, observed, allowed, sentence }];
}

function round(value: number): string {
  return (Math.round(value * 10) / 10).toLocaleString("en-US");
}

function limit(name: string, fact: Limit["fact"], at5000: number, scales: boolean, what: string): Limit {
  return { name, fact, at5000, scales, what };
}
