import { createWriteStream, renameSync, rmSync, statSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AssetsError, aborted, fromFileError } from "./assets-error.ts";
import { fetchUrl, unreachable } from "./http-fetch.ts";
import { sha256Of } from "./manifest.ts";

export interface DownloadOptions {
  readonly url: string;
  /** Where the verified file ends up. `path.part` holds it until then and outlives an interruption. */
  readonly path: string;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly onBytes?: (received: number, total: number | undefined) => void;
  readonly signal?: AbortSignal;
  /** A body that stands still for this long is given up; default 30,000. */
  readonly stallTimeoutMs?: number;
}

/** How often a body that broke off is taken up again before we give up. */
const maxResumes = 5;

/** Downloads a file, taking up what an earlier try left, checks it and moves it into its place in one step. */
export async function downloadFile(options: DownloadOptions): Promise<void> {
  const part = `${options.path}.part`;
  const resumed = sizeOf(part) > 0;
  await receiveAll(options, part);
  if ((await sha256Of(part)) !== options.sha256) {
    rmSync(part, { force: true });
    // What was left over may have been of another file: once more from the start.
    if (resumed) return downloadFile(options);
    throw new AssetsError("checksum-mismatch", `${options.url} is not what its checksum promises`, {
      remedy:
        "try again; if it stays, the host or something in between changes the file: use another mirror or --from go",
    });
  }
  renameSync(part, options.path);
}

async function receiveAll(options: DownloadOptions, part: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await receive(options, part);
    } catch (error) {
      if (error instanceof AssetsError) throw error;
      if (options.signal?.aborted === true) throw aborted("download", error);
      const fileError = fromFileError(error, part);
      if (fileError !== error) throw fileError;
      if (tries === maxResumes) throw unreachable(options.url, error);
    }
  }
}

/** One request: the rest of the file, or all of it where the server knows no ranges. */
async function receive(options: DownloadOptions, part: string): Promise<void> {
  const have = sizeOf(part);
  const headers = have > 0 ? { range: `bytes=${have}-` } : {};
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const { response, abort } = await fetchUrl(options.url, { headers, ...signal });
  if (response.status === 416) {
    // Nothing is left to send, or what we have is too long: the checksum decides.
    abort();
    return;
  }
  const isRest = response.status === 206;
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  const start = isRest ? have : 0;
  const total = Number.isNaN(length) ? undefined : start + length;
  let received = start;
  const stallMs = options.stallTimeoutMs ?? 30_000;
  const stalled = setTimeout(abort, stallMs);
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  body.on("data", (chunk: Buffer) => {
    received += chunk.length;
    stalled.refresh();
    options.onBytes?.(received, total);
  });
  try {
    await pipeline(body, createWriteStream(part, { flags: isRest ? "a" : "w" }));
  } finally {
    clearTimeout(stalled);
  }
  if (total !== undefined && received < total) throw new Error(`${total - received} bytes are missing`);
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
