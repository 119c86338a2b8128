import { type ExpositionSample, parseExposition } from "../prometheus-text.ts";

/** What tells one series of API requests from another on the server. Versions of a group are one. */
export interface RequestKey {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly verb: string;
  readonly scope: string;
}

/** A cumulative SLI histogram: as many counts as bounds, and all requests in `count`. */
export interface SliSeries extends RequestKey {
  readonly buckets: readonly number[];
  readonly count: number;
}

export interface RequestCount extends RequestKey {
  readonly code: string;
  readonly count: number;
}

/** What the verdict needs of one scrape of an API server's `/metrics`: plain data, cumulative since the server's start. */
export interface ServerScrape {
  /** On the run's clock, ms. */
  readonly atMs: number;
  /** Upper bounds of the buckets in seconds, ascending, without +Inf. */
  readonly boundsSeconds: readonly number[];
  readonly sli: readonly SliSeries[];
  readonly requests: readonly RequestCount[];
  readonly terminations: readonly RequestCount[];
  readonly flowControlRejected: number;
}

const sliBucket = "apiserver_request_sli_duration_seconds_bucket";
const requestTotal = "apiserver_request_total";
const terminationTotal = "apiserver_request_terminations_total";
const rejectedTotal = "apiserver_flowcontrol_rejected_requests_total";
const wanted: ReadonlySet<string> = new Set([sliBucket, requestTotal, terminationTotal, rejectedTotal]);

/** Reads the body of a scrape; throws `bad-exposition` where it is none. */
export function readServerScrape(text: string, atMs: number): ServerScrape {
  const samples = parseExposition(text, wanted);
  const named = (name: string): ExpositionSample[] => samples.filter((sample) => sample.name === name);
  return {
    atMs,
    ...readSli(named(sliBucket)),
    requests: readCounts(named(requestTotal)),
    terminations: readCounts(named(terminationTotal)),
    flowControlRejected: named(rejectedTotal).reduce((sum, sample) => sum + sample.value, 0),
  };
}

/** The same key for the same series in every scrape. */
export function requestKey({ group, resource, subresource, verb, scope }: RequestKey): string {
  return `${group}\u0000${resource}\u0000${subresource}\u0000${verb}\u0000${scope}`;
}

function readSli(samples: readonly ExpositionSample[]): Pick<ServerScrape, "boundsSeconds" | "sli"> {
  const byKey = new Map<string, { readonly key: RequestKey; readonly byBound: Map<number, number> }>();
  const bounds = new Set<number>();
  for (const sample of samples) {
    const key = keyOf(sample);
    const name = requestKey(key);
    let series = byKey.get(name);
    if (series === undefined) {
      series = { key, byBound: new Map() };
      byKey.set(name, series);
    }
    const le = sample.labels.get("le");
    const bound = le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le);
    if (bound !== Number.POSITIVE_INFINITY) bounds.add(bound);
    series.byBound.set(bound, (series.byBound.get(bound) ?? 0) + sample.value);
  }
  const boundsSeconds = [...bounds].sort((a, b) => a - b);
  const sli = [...byKey.values()].map(({ key, byBound }) => ({
    ...key,
    buckets: boundsSeconds.map((bound) => byBound.get(bound) ?? 0),
    count: byBound.get(Number.POSITIVE_INFINITY) ?? 0,
  }));
  return { boundsSeconds, sli };
}

function readCounts(samples: readonly ExpositionSample[]): RequestCount[] {
  const byKey = new Map<string, RequestKey & { readonly code: string; count: number }>();
  for (const sample of samples) {
    const key = keyOf(sample);
    const code = sample.labels.get("code") ?? "";
    const name = `${requestKey(key)}\u0000${code}`;
    const series = byKey.get(name);
    if (series === undefined) byKey.set(name, { ...key, code, count: sample.value });
    else series.count += sample.value;
  }
  return [...byKey.values()];
}

function keyOf({ labels }: ExpositionSample): RequestKey {
  return {
    group: labels.get("group") ?? "",
    resource: labels.get("resource") ?? "",
    subresource: labels.get("subresource") ?? "",
    verb: labels.get("verb") ?? "",
    scope: labels.get("scope") ?? "",
  };
}
