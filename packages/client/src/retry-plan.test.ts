import fc from "fast-check";
import { expect, it } from "vitest";
import { ClientError, clientErrorCodes } from "./client-error.ts";
import { type AttemptResult, retryWaitMs } from "./retry-plan.ts";

const first = { answered: 1, unsent: 0 };

it.each([
  [{ t: "answer", status: 429, retryAfterMs: 1000 }, 1000],
  [{ t: "answer", status: 429, retryAfterMs: 0 }, 0],
  [{ t: "answer", status: 429, retryAfterMs: undefined }, undefined],
  [{ t: "answer", status: 503, retryAfterMs: 5000 }, 5000],
  [{ t: "answer", status: 500, retryAfterMs: undefined }, undefined],
  [{ t: "answer", status: 404, retryAfterMs: 1000 }, undefined],
] as const)("%o waits %s", (result, waitMs) => {
  expect(retryWaitMs(result, "POST", first, 10)).toBe(waitMs);
});

it("goes up to maxRetries", () => {
  const result: AttemptResult = { t: "answer", status: 429, retryAfterMs: 1 };
  expect(retryWaitMs(result, "GET", { answered: 10, unsent: 0 }, 10)).toBe(1);
  expect(retryWaitMs(result, "GET", { answered: 11, unsent: 0 }, 10)).toBeUndefined();
});

it("sends what was refused again at once, then with Go's backoff, six times", () => {
  const result: AttemptResult = { t: "error", error: new ClientError("refused-stream", "", { outcome: "retryable" }) };
  const waits = [1, 2, 3, 4, 5, 6, 7].map((unsent) => retryWaitMs(result, "POST", { answered: 0, unsent }, 10));
  expect(waits).toEqual([0, 1000, 2000, 4000, 8000, 16_000, undefined]);
});

it("never sends a write again whose outcome is unknown or that failed", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...clientErrorCodes),
      fc.constantFrom("unknown" as const, "failed" as const),
      fc.constantFrom("POST", "PUT", "PATCH", "DELETE"),
      fc.nat(20),
      (code, outcome, method, answered) => {
        const error = new ClientError(code, "", { outcome });
        expect(retryWaitMs({ t: "error", error }, method, { answered, unsent: 0 }, 10)).toBeUndefined();
      },
    ),
  );
});
