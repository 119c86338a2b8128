import type { Readable } from "node:stream";
import { ApiError } from "../../api-error.ts";
import { ExchangeAborted } from "./exchange.ts";

/** What a stream of the client looks like to whoever reads it. */
export type BodySource = Pick<Readable, "on" | "resume" | "readableEnded" | "destroyed">;

/**
 * Collects a body.
 * @param declaredBytes content-length, or undefined
 */
export function collectBody(
  source: BodySource,
  declaredBytes: number | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    if (declaredBytes !== undefined && declaredBytes > maxBytes) {
      source.resume();
      return reject(tooLarge(maxBytes));
    }
    source.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      // What else comes is read and dropped, so that the answer finds its way to a client that is still writing.
      else reject(tooLarge(maxBytes));
    });
    source.on("end", () => {
      // A stream that was cut off also ends; only a short body tells, and only where its length was declared.
      if (declaredBytes !== undefined && bytes < declaredBytes) return reject(new ExchangeAborted());
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, bytes));
    });
    source.on("aborted", () => reject(new ExchangeAborted()));
    source.on("error", () => reject(new ExchangeAborted()));
    source.on("close", () => reject(new ExchangeAborted()));
  });
}

/** apimachinery/pkg/api/errors/errors.go, apiserver/pkg/endpoints/handlers/rest.go. */
function tooLarge(maxBytes: number): ApiError {
  return new ApiError("RequestEntityTooLarge", `Request entity too large: limit is ${maxBytes}`);
}

/** The value of a content-length header; undefined when there is none or it is no number. */
export function declaredLength(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
