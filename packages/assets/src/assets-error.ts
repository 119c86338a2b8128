import { HollowError } from "@hollowfleet/core";

/** What can go wrong while looking for, fetching or building binaries. */
export type AssetsErrorCode =
  /** No folder has all of them. */
  | "not-found"
  /** A version that is not pinned, or cannot be had from this source. */
  | "unsupported-version"
  /** Control planes run on Linux on amd64 and arm64 only. */
  | "unsupported-host"
  /** The host of the releases does not answer, or answers that it is not it. */
  | "unreachable"
  /** The host answers, and says that there is no such file. */
  | "no-such-release"
  /** What came is not what the checksum promises. */
  | "checksum-mismatch"
  | "disk-full"
  /** The cache folder may not be written. */
  | "unwritable"
  | "go-missing"
  | "go-too-old"
  | "build-failed"
  /** The caller's signal ended it. */
  | "aborted";

/** Thrown by this package. */
export class AssetsError extends HollowError<AssetsErrorCode> {}

/** A file-system error as the reader can act on it; anything else as it came. */
export function fromFileError(error: unknown, path: string): unknown {
  const { code } = (error ?? {}) as { code?: unknown };
  if (code === "ENOSPC" || code === "EDQUOT") return diskFull(path, error);
  if (code === "EACCES" || code === "EPERM" || code === "EROFS" || code === "ENOTDIR") {
    return new AssetsError("unwritable", `${path} cannot be written`, {
      cause: error,
      remedy: "set XDG_CACHE_HOME to a folder of yours",
    });
  }
  return error;
}

/** The caller's signal ended something. */
export function aborted(what: string, cause?: unknown): AssetsError {
  return new AssetsError("aborted", `the ${what} was interrupted`, cause === undefined ? {} : { cause });
}

export function diskFull(path: string, cause?: unknown): AssetsError {
  return new AssetsError("disk-full", `no space is left for ${path}`, {
    ...(cause === undefined ? {} : { cause }),
    remedy: "free about 1 GB (a build from Go needs 4 GB), or set XDG_CACHE_HOME to a folder on another disk",
  });
}
