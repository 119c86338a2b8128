import { HollowError } from "@hollowfleet/core";

/**
 * - `truncated`: the bytes end inside a field.
 * - `malformed`: the bytes are no protobuf of the expected message, or the text is no quantity or time.
 * - `not-an-envelope`: the bytes do not begin with `k8s\0`; usually they are JSON.
 * - `frame-too-large`: a watch frame announces more bytes than the limit.
 * - `unknown-kind`: no codec for this apiVersion and kind.
 */
export type CodecErrorCode = "truncated" | "malformed" | "not-an-envelope" | "frame-too-large" | "unknown-kind";

/** What this package throws about bytes and texts that it was given. */
export class CodecError extends HollowError<CodecErrorCode> {}
