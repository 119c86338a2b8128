/**
 * What the final code of a logical call means to whoever made it.
 * - answered: judged by its latency; a 404 or 409 is an answer too
 * - failed: over every limit, however fast: 5xx, a final 429, a request timeout, and all that got no answer
 * - ours: we gave it up ourselves; it says nothing of the server
 */
export type CallOutcome = "answered" | "failed" | "ours";

/** Codes of the client for calls that we ended. */
const ours: ReadonlySet<string> = new Set(["aborted", "closed", "config"]);

export function callOutcome(code: string): CallOutcome {
  if (ours.has(code)) return "ours";
  const status = Number(code);
  if (!Number.isInteger(status)) return "failed";
  return status >= 500 || status === 429 || status === 408 ? "failed" : "answered";
}
