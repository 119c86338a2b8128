/**
 * Churn as the SLOs' promise counts it: pod specs created, changed and deleted, and requests that users make
 * (slo-and-clusterloader2 §1.1). Pure.
 */
export class Churn {
  readonly #perSecond = new Map<number, number>();
  #closed = false;

  add(atUs: number, count = 1): void {
    if (this.#closed) return;
    const second = Math.floor(atUs / 1e6);
    this.#perSecond.set(second, (this.#perSecond.get(second) ?? 0) + count);
  }

  /** The load is over: what comes now is our own cleaning up. */
  close(): void {
    this.#closed = true;
  }

  /** The highest count of any second; 0 when nothing happened. */
  busiestSecond(): number {
    let most = 0;
    for (const count of this.#perSecond.values()) most = Math.max(most, count);
    return most;
  }
}
