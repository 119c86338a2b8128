/**
 * Base of every error that Hollowfleet throws on purpose. Each package has one subclass with a closed set of codes, so
 * that a caller can switch over them; anything else that is thrown is a bug.
 */
export class HollowError<Code extends string = string> extends Error {
  readonly code: Code;
  /** What the reader can do about it: one sentence, or a command. */
  readonly remedy: string | undefined;

  constructor(code: Code, message: string, options: { readonly cause?: unknown; readonly remedy?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.remedy = options.remedy;
  }
}

/** The text of anything that was thrown, with the texts of its causes, on one line. */
export function errorText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause === undefined ? "" : `: ${errorText(thrown.cause)}`;
  return `${thrown.message}${cause}`;
}

/** For the end of an exhaustive switch: the compiler refuses it while a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
