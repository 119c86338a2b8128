import { ApiError } from "../api-error.ts";
import { badRequest } from "../status-errors.ts";

const uint64Max = 2n ** 64n - 1n;

/** Why Go's strconv.ParseUint refuses a text; undefined if it does not. */
export function parseFault(text: string): string | undefined {
  const head = `strconv.ParseUint: parsing ${JSON.stringify(text)}`;
  if (!/^\d+$/.test(text)) return `${head}: invalid syntax`;
  return BigInt(text) > uint64Max ? `${head}: value out of range` : undefined;
}

function fieldFault(text: string): string | undefined {
  const fault = parseFault(text);
  return fault && `resourceVersion: Invalid value: ${JSON.stringify(text)}: ${fault}`;
}

/**
 * The resourceVersion of a get or watch; "" and "0" are 0.
 * @throws ApiError 500 without a reason, which is what the real server makes of the error of storage/api_object_versioner.go
 */
export function readRevision(text: string): number {
  if (text === "") return 0;
  const fault = fieldFault(text);
  if (fault !== undefined) throw new ApiError("", fault);
  return Number(text);
}

/** The resourceVersion of a list. @throws ApiError BadRequest (storage/interfaces.go, ValidateListOptions) */
export function listRevision(text: string): number {
  const fault = text === "" ? undefined : fieldFault(text);
  if (fault !== undefined) throw badRequest(`invalid resource version: ${fault}`);
  return Number(text);
}

/** The resourceVersion that an object of an update carries, 0 for none. @throws ApiError 500 without a reason */
export function objectRevision(text: string | undefined): number {
  if (text === undefined || text === "") return 0;
  const fault = parseFault(text);
  if (fault !== undefined) throw new ApiError("", fault);
  return Number(text);
}

/**
 * 504 for a revision that is not reached yet (storage/errors.go, NewTooLargeResourceVersionError). The real server waits 3 s
 * for it first, since its watch cache may lag behind; this one has no cache.
 */
export function tooLargeRevision(wanted: number, current: number): ApiError {
  return new ApiError("Timeout", `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}
