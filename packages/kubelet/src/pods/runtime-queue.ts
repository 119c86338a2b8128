import { DueHeap } from "./due-heap.ts";

/** Something the simulated container runtime was asked to do. */
export interface RuntimeJob<T> {
  readonly subject: T;
  /** Passes beside everything else. */
  readonly waitMs: number;
  /** Shares the node with the work of all other jobs. */
  readonly workMs: number;
}

interface Running<T> {
  /** Until its wait is over: a moment. After that: the amount of work each job must have had when this one is done. */
  dueMs: number;
  heapAt: number;
  readonly workMs: number;
  readonly addedMs: number;
  readonly subject: T;
}

export interface FinishedJob<T> {
  readonly subject: T;
  /** When it was done, which may lie before the moment of asking. */
  readonly atMs: number;
  /** Since it was added. */
  readonly tookMs: number;
}

/**
 * The container runtime of one node. Jobs at work at the same time share it evenly: twenty pods started at once take
 * as long in sum as they would one after another, and all end late, as measured (kubelet-audit §3). Time-driven: the
 * owner asks for what is done, and when next to ask.
 */
export class RuntimeQueue<T> {
  readonly #waiting = new DueHeap<Running<T>>();
  readonly #working = new DueHeap<Running<T>>();
  /** Up to when the figures below are true. */
  #atMs = 0;
  /** How much work a job has had that was there from the beginning. */
  #sharedMs = 0;

  get size(): number {
    return this.#waiting.size + this.#working.size;
  }

  add(job: RuntimeJob<T>, nowMs: number): void {
    const { subject, waitMs, workMs } = job;
    this.#waiting.push({ dueMs: nowMs + waitMs, heapAt: -1, workMs, addedMs: nowMs, subject });
  }

  /** When the next job is done; a later `add` may change it. undefined: there is none. */
  nextMs(): number | undefined {
    const begins = this.#waiting.peek()?.dueMs;
    const ends = this.#endsMs();
    if (begins === undefined) return ends;
    return ends === undefined ? begins : Math.min(begins, ends);
  }

  /** Everything that is done by now, in order. */
  take(nowMs: number): FinishedJob<T>[] {
    const done: FinishedJob<T>[] = [];
    for (;;) {
      const begins = this.#waiting.peek()?.dueMs ?? Number.POSITIVE_INFINITY;
      const ends = this.#endsMs() ?? Number.POSITIVE_INFINITY;
      const atMs = Math.min(begins, ends);
      if (atMs > nowMs) break;
      this.#advance(atMs);
      if (ends <= begins) finish(done, this.#working.pop(), atMs);
      else this.#begin(done, atMs);
    }
    this.#advance(nowMs);
    return done;
  }

  #endsMs(): number | undefined {
    const first = this.#working.peek();
    return first === undefined ? undefined : this.#atMs + (first.dueMs - this.#sharedMs) * this.#working.size;
  }

  #advance(toMs: number): void {
    if (this.#working.size > 0) this.#sharedMs += Math.max(0, toMs - this.#atMs) / this.#working.size;
    this.#atMs = Math.max(this.#atMs, toMs);
  }

  #begin(done: FinishedJob<T>[], atMs: number): void {
    const job = this.#waiting.pop();
    if (job === undefined) return;
    if (job.workMs <= 0) {
      finish(done, job, atMs);
      return;
    }
    job.dueMs = this.#sharedMs + job.workMs;
    this.#working.push(job);
  }
}

function finish<T>(done: FinishedJob<T>[], job: Running<T> | undefined, atMs: number): void {
  if (job !== undefined) done.push({ subject: job.subject, atMs, tookMs: atMs - job.addedMs });
}
