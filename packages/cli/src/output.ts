/** Where a command writes: results to stdout, everything else to stderr. */
export interface Output {
  result(text: string): void;
  note(text: string): void;
  /** Whether stderr is a terminal that can rewrite lines. */
  readonly live: boolean;
  /** Width of stderr's terminal; 80 where there is none. */
  readonly columns: number;
  /** Whether stdout shows colours. */
  readonly color: boolean;
  /** Rewrites stderr's last block of lines; only where `live`. */
  raw(text: string): void;
}

export const processOutput: Output = {
  result: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
  raw: (text) => void process.stderr.write(text),
  live: process.stderr.isTTY === true && process.env["TERM"] !== "dumb" && process.env["CI"] === undefined,
  get columns() {
    return process.stderr.columns ?? 80;
  },
  // https://no-color.org
  color: process.stdout.isTTY === true && !process.env["NO_COLOR"],
};
