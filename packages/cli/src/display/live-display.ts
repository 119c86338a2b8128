import type { Progress } from "@hollowfleet/driver";
import type { Output } from "../output.ts";
import { progressBlock, progressLine } from "./progress-text.ts";

/** Between two lines where nothing can be rewritten. */
const lineIntervalMs = 10_000;

/** Shows a run as it goes: one rewritten block on a terminal, a plain line every 10 s elsewhere. */
export class LiveDisplay {
  readonly #output: Output;
  readonly #quiet: boolean;
  #shownLines = 0;
  #lastLineMs = Number.NEGATIVE_INFINITY;
  #lastPhase = "";

  constructor(output: Output, quiet: boolean) {
    this.#output = output;
    this.#quiet = quiet;
  }

  /** The control plane comes up: there are no figures yet. */
  starting(what: string): void {
    if (this.#quiet) return;
    if (this.#output.live) this.#rewrite([`starting ${what}`]);
    else this.#output.note(`starting ${what}`);
  }

  show(progress: Progress): void {
    if (this.#quiet || progress.phase === "") return;
    if (this.#output.live) {
      this.#rewrite(progressBlock(progress));
      return;
    }
    const due = progress.elapsedMs - this.#lastLineMs >= lineIntervalMs || progress.phase !== this.#lastPhase;
    if (!due) return;
    this.#lastLineMs = progress.elapsedMs;
    this.#lastPhase = progress.phase;
    this.#output.note(progressLine(progress));
  }

  /** Takes the block away, so that something else can be written. */
  clear(): void {
    if (this.#shownLines === 0) return;
    // ECMA-48: up n lines, then erase to the end of the screen.
    this.#output.raw(`\u001b[${this.#shownLines}A\u001b[J`);
    this.#shownLines = 0;
  }

  /** Line over line: erasing the block first would flicker, and a terminal may keep what is erased in its history. */
  #rewrite(lines: readonly string[]): void {
    const up = this.#shownLines === 0 ? "" : `\u001b[${this.#shownLines}A`;
    // A line that wraps would take two rows, and the next block would leave one behind.
    const shown = lines.map((line) => `${line.slice(0, this.#output.columns - 1)}\u001b[K\n`);
    this.#output.raw(`${up}${shown.join("")}\u001b[J`);
    this.#shownLines = lines.length;
  }
}
