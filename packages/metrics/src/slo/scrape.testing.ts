import { type RequestKey, readServerScrape, type ServerScrape } from "./server-scrape.ts";

/** The bounds of apiserver_request_sli_duration_seconds (apiserver pkg/endpoints/metrics/metrics.go). */
export const sliBounds: readonly number[] = [
  0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];

type Key = Partial<RequestKey>;

/** An API server as far as its `/metrics` go. Only this stands in for a server here: the judges are pure. */
export class FakeMetrics {
  readonly #sli = new Map<string, { key: RequestKey; values: number[] }>();
  readonly #counts = new Map<string, { name: string; key: RequestKey; code: string; count: number }>();

  served(key: Key, seconds: number, times: number, code = "200"): void {
    const full = complete(key);
    const name = JSON.stringify(full);
    const series = this.#sli.get(name) ?? { key: full, values: [] };
    for (let index = 0; index < times; index++) series.values.push(seconds);
    this.#sli.set(name, series);
    this.counted("apiserver_request_total", key, code, times);
  }

  counted(name: string, key: Key, code: string, times: number): void {
    const full = complete(key);
    const id = JSON.stringify([name, full, code]);
    const series = this.#counts.get(id) ?? { name, key: full, code, count: 0 };
    series.count += times;
    this.#counts.set(id, series);
  }

  scrape(atMs: number): ServerScrape {
    const lines = ["# TYPE apiserver_request_sli_duration_seconds histogram"];
    for (const { key, values } of this.#sli.values()) {
      const name = "apiserver_request_sli_duration_seconds_bucket";
      for (const bound of sliBounds) {
        lines.push(`${name}{${labels(key)},le="${bound}"} ${values.filter((value) => value <= bound).length}`);
      }
      lines.push(`${name}{${labels(key)},le="+Inf"} ${values.length}`);
    }
    for (const { name, key, code, count } of this.#counts.values()) {
      lines.push(`${name}{code="${code}",${labels(key)}} ${count}`);
    }
    return readServerScrape(lines.join("\n"), atMs);
  }
}

function complete(key: Key): RequestKey {
  return { group: "", resource: "pods", subresource: "", verb: "POST", scope: "resource", ...key };
}

function labels(key: RequestKey): string {
  const { group, resource, subresource, verb, scope } = key;
  return `component="apiserver",group="${group}",resource="${resource}",scope="${scope}",subresource="${subresource}",verb="${verb}",version="v1"`;
}
