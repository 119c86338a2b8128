import type { ApiClient } from "@hollowfleet/client";
import type { Clock } from "@hollowfleet/core";
import { readServerScrape, type ServerScrape } from "@hollowfleet/metrics";

/** The SLI histograms are scraped this often (DESIGN §4 "Verdicts"). */
const intervalMs = 60_000;

/** Scrapes the API server's own metrics: the official verdict is made from these. */
export class ServerMetrics {
  readonly #api: ApiClient;
  readonly #clock: Clock;
  readonly #originUs: number;
  readonly scrapes: ServerScrape[] = [];
  /** Scrapes that failed, with the last reason. */
  failures = 0;
  lastFailure: string | undefined;
  #dueUs: number;
  #running: Promise<void> | undefined;

  /** @param api a client whose calls are not part of the load that is judged */
  constructor(api: ApiClient, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
    this.#originUs = clock.nowUs();
    this.#dueUs = this.#originUs;
  }

  /** To be called about once a second; begins a scrape when one is due. */
  tick(): void {
    if (this.#running !== undefined || this.#clock.nowUs() < this.#dueUs) return;
    this.#dueUs += intervalMs * 1000;
    this.#running = this.#scrape().finally(() => {
      this.#running = undefined;
    });
  }

  /** One scrape now: the last one of a run. */
  async finish(): Promise<void> {
    await this.#running;
    await this.#scrape();
  }

  async #scrape(): Promise<void> {
    try {
      const text = await this.#api.text("/metrics", { timeoutMs: 30_000 });
      this.scrapes.push(readServerScrape(text, (this.#clock.nowUs() - this.#originUs) / 1000));
    } catch (thrown) {
      this.failures++;
      this.lastFailure = thrown instanceof Error ? thrown.message : String(thrown);
    }
  }
}
