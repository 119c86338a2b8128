import type { Readable } from "node:stream";
import { ApiError } from "../../api-error.ts";
import { ExchangeAborted } from "./exchange.ts";

/** Where a body comes from. */
export interface BodySource {
  readonly stream: Pick<Readable, "on" | "resume">;
  /** The content-length header, if any. */
  readonly length: string | undefined;
}

/** Collects a body. Rejects with ApiError RequestEntityTooLarge or with ExchangeAborted. */
export function collectBody({ stream, length }: BodySource, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const declaredBytes = declaredLength(length);
    const chunks: Buffer[] = [];
    let bytes = 0;
    let settled = false;
    // Every stream closes: an error with its stack for each would cost as much as serving a small request.
    const abort = (): void => {
      if (!settled) reject(new ExchangeAborted());
      settled = true;
    };
    if (declaredBytes !== undefined && declaredBytes > maxBytes) {
      stream.resume();
      return reject(tooLarge(maxBytes));
    }
    stream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      // What else comes is read and dropped, so that the answer finds its way to a client that is still writing.
      else {
        settled = true;
        reject(tooLarge(maxBytes));
      }
    });
    // Streams that are reset end as well, but after this.
    stream.on("aborted", abort);
    stream.on("end", () => {
      const isShort = declaredBytes !== undefined && bytes < declaredBytes;
      if (isShort) return abort();
      settled = true;
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, bytes));
    });
    stream.on("error", abort);
    stream.on("close", abort);
  });
}

/** apimachinery/pkg/api/errors/errors.go, apiserver/pkg/endpoints/handlers/rest.go. */
function tooLarge(maxBytes: number): ApiError {
  return new ApiError("RequestEntityTooLarge", `Request entity too large: limit is ${maxBytes}`);
}

/** The value of a content-length header; undefined when there is none or it is no number. */
function declaredLength(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
