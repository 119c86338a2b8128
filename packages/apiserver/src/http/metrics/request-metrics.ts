import { type Family, type Histogram, HistogramFamily, type Value, ValueFamily } from "./families.ts";
import type { RequestLabels } from "./request-labels.ts";

// Names, labels, bounds and meanings are those of apiserver/pkg/endpoints/metrics/metrics.go.

const durationBounds = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];
const sliBounds = durationBounds.slice(2);
const sizeBounds = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
const frameBounds = [1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072];

const sliLabels = ["component", "group", "resource", "scope", "subresource", "verb", "version"];
const sizeLabels = sliLabels;

const readVerbs: ReadonlySet<string> = new Set(["GET", "LIST", "WATCH"]);

/** The series that a request is booked in: found once for each kind of request. */
interface RequestSeries {
  /** By HTTP code. */
  readonly totals: Map<number, Value>;
  readonly duration: Histogram;
  /** undefined for dry runs and watches (endpoints/filters/webhook_duration.go). */
  readonly sli: Histogram | undefined;
  readonly size: Histogram | undefined;
}

/** What is booked about requests. */
export class RequestMetrics {
  readonly #total = new ValueFamily("counter", {
    name: "apiserver_request_total",
    help: "[STABLE] Requests by verb, dry run, group, version, resource, scope, component and HTTP code.",
    labels: ["code", "component", "dry_run", "group", "resource", "scope", "subresource", "verb", "version"],
  });
  readonly #duration = new HistogramFamily(
    {
      name: "apiserver_request_duration_seconds",
      help: "[STABLE] Time from a request's arrival to its answer.",
      labels: ["component", "dry_run", "group", "resource", "scope", "subresource", "verb", "version"],
    },
    durationBounds,
  );
  readonly #sli = new HistogramFamily(
    {
      name: "apiserver_request_sli_duration_seconds",
      help: "[ALPHA] Time from a request's arrival to its answer, dry runs and watches left out.",
      labels: sliLabels,
    },
    sliBounds,
  );
  readonly #sizes = new HistogramFamily(
    { name: "apiserver_response_sizes", help: "[STABLE] Bytes of answers to GET, LIST and WATCH.", labels: sizeLabels },
    sizeBounds,
  );
  readonly #terminations = new ValueFamily("counter", {
    name: "apiserver_request_terminations_total",
    help: "[ALPHA] Requests that the server refused to protect itself.",
    labels: ["code", "component", "group", "resource", "scope", "subresource", "verb", "version"],
  });
  readonly #longRunning = new ValueFamily("gauge", {
    name: "apiserver_longrunning_requests",
    help: "[STABLE] Open watches.",
    labels: ["component", "group", "resource", "scope", "subresource", "verb", "version"],
  });
  readonly #watchEvents = new ValueFamily("counter", {
    name: "apiserver_watch_events_total",
    help: "[ALPHA] Events sent to watchers.",
    labels: ["group", "resource", "version"],
  });
  readonly #watchEventSizes = new HistogramFamily(
    {
      name: "apiserver_watch_events_sizes",
      help: "[ALPHA] Bytes of watch events.",
      labels: ["group", "resource", "version"],
    },
    frameBounds,
  );
  readonly #handshakeErrors = new ValueFamily("counter", {
    name: "apiserver_tls_handshake_errors_total",
    help: "[ALPHA] Connections that failed in the TLS handshake.",
    labels: [],
  });
  readonly #series = new Map<string, RequestSeries>();

  constructor() {
    this.#handshakeErrors.with();
  }

  /** One answered request. */
  answered(labels: RequestLabels, httpCode: number, seconds: number, bytes: number): void {
    const series = this.#seriesOf(labels);
    let total = series.totals.get(httpCode);
    if (total === undefined) {
      total = this.#totalOf(labels, String(httpCode));
      series.totals.set(httpCode, total);
    }
    total.value++;
    series.duration.observe(seconds);
    series.sli?.observe(seconds);
    series.size?.observe(bytes);
  }

  /** One refused by max-inflight; as upstream it reaches no histogram. */
  dropped(labels: RequestLabels): void {
    const { group, version, resource, subresource, verb, scope, component } = labels;
    this.#totalOf(labels, "429").value++;
    this.#terminations.with("429", component, group, resource, scope, subresource, verb, version).value++;
  }

  /** The gauge of open watches that a request counts in. */
  longRunning({ group, version, resource, subresource, verb, scope, component }: RequestLabels): Value {
    return this.#longRunning.with(component, group, resource, scope, subresource, verb, version);
  }

  /** Books the frames of one watch. */
  watchRecorder({ group, version, resource }: RequestLabels): (frameBytes: number) => void {
    const events = this.#watchEvents.with(group, resource, version);
    const sizes = this.#watchEventSizes.with(group, resource, version);
    return (frameBytes) => {
      events.value++;
      sizes.observe(frameBytes);
    };
  }

  handshakeFailed(): void {
    this.#handshakeErrors.with().value++;
  }

  families(): readonly Family[] {
    return [
      this.#longRunning,
      this.#duration,
      this.#sli,
      this.#terminations,
      this.#total,
      this.#sizes,
      this.#handshakeErrors,
      this.#watchEventSizes,
      this.#watchEvents,
    ];
  }

  #totalOf(labels: RequestLabels, code: string): Value {
    const { group, version, resource, subresource, verb, scope, component, dryRun } = labels;
    return this.#total.with(code, component, dryRun, group, resource, scope, subresource, verb, version);
  }

  #seriesOf({ group, version, resource, subresource, verb, scope, component, dryRun }: RequestLabels): RequestSeries {
    const key = `${group}/${version}/${resource}/${subresource}/${verb}/${scope}/${component}/${dryRun}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      const own = [group, resource, scope, subresource, verb, version] as const;
      series = {
        totals: new Map(),
        duration: this.#duration.with(component, dryRun, ...own),
        sli: dryRun === "" && verb !== "WATCH" ? this.#sli.with(component, ...own) : undefined,
        size: readVerbs.has(verb) ? this.#sizes.with(component, ...own) : undefined,
      };
      this.#series.set(key, series);
    }
    return series;
  }
}
