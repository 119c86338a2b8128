import { CodecError } from "./codec-error.ts";
import { asBuffer, Cursor } from "./cursor.ts";
import { unwrap } from "./envelope.ts";

export type WatchType = "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";

/** One event of a watch; the object of an ERROR is a Status. */
export interface WatchFrame {
  readonly type: WatchType;
  readonly apiVersion: string;
  readonly kind: string;
  /** A view of the chunk, or of a copy if the frame came in pieces. */
  readonly raw: Uint8Array;
}

export interface WatchFrameSplitterOptions {
  /** Largest frame accepted, in bytes; default 16 MiB, as client-go's (runtime/serializer/streaming/streaming.go). */
  readonly maxFrameBytes?: number;
}

const lengthBytes = 4;

/**
 * Cuts the body of a protobuf watch into frames: a big-endian length, then a WatchEvent (apimachinery,
 * util/framer/framer.go). Frames may share a chunk and span chunks. After a throw the splitter is spent: close the watch.
 */
export class WatchFrameSplitter {
  private readonly maxFrameBytes: number;
  /** The bytes of a length that a chunk cut, most significant first. */
  private partialLength = 0;
  private partialLengthBytes = 0;
  /** The frame that the last chunk cut: allocated whole when its length is known, so that no byte is copied twice. */
  private frame: Buffer | undefined;
  private frameBytes = 0;

  constructor(options: WatchFrameSplitterOptions = {}) {
    this.maxFrameBytes = options.maxFrameBytes ?? 16 * 1024 * 1024;
  }

  /** Bytes of an unfinished frame, its length included; 0 between frames. */
  get pendingBytes(): number {
    return this.frame === undefined ? this.partialLengthBytes : lengthBytes + this.frameBytes;
  }

  /**
   * Calls `onFrame` for every frame that ends in `chunk`, before returning.
   * @throws CodecError `frame-too-large`, `not-an-envelope`, `truncated`, `malformed`
   */
  push(chunk: Uint8Array, onFrame: (frame: WatchFrame) => void): void {
    const buffer = asBuffer(chunk);
    let pos = this.frame === undefined ? 0 : this.fill(this.frame, buffer, 0, onFrame);
    while (pos < buffer.length) {
      if (this.partialLengthBytes > 0 || buffer.length - pos < lengthBytes) {
        this.partialLength = this.partialLength * 256 + buffer.readUInt8(pos++);
        if (++this.partialLengthBytes < lengthBytes) continue;
        this.partialLengthBytes = 0;
      } else {
        this.partialLength = buffer.readUInt32BE(pos);
        pos += lengthBytes;
      }
      const length = this.takeLength();
      if (length <= buffer.length - pos) {
        pos += length;
        onFrame(readWatchEvent(buffer.subarray(pos - length, pos)));
      } else {
        this.frame = Buffer.allocUnsafeSlow(length);
        pos = this.fill(this.frame, buffer, pos, onFrame);
      }
    }
  }

  private takeLength(): number {
    const length = this.partialLength;
    this.partialLength = 0;
    if (length > this.maxFrameBytes) {
      throw new CodecError("frame-too-large", `a watch frame of ${length} bytes exceeds ${this.maxFrameBytes}`);
    }
    return length;
  }

  private fill(frame: Buffer, chunk: Buffer, pos: number, onFrame: (frame: WatchFrame) => void): number {
    const copied = chunk.copy(frame, this.frameBytes, pos);
    this.frameBytes += copied;
    if (this.frameBytes === frame.length) {
      this.frame = undefined;
      this.frameBytes = 0;
      onFrame(readWatchEvent(frame));
    }
    return pos + copied;
  }
}

const watchTypes: ReadonlySet<string> = new Set<WatchType>(["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"]);

function isWatchType(text: string): text is WatchType {
  return watchTypes.has(text);
}

/** meta/v1 WatchEvent: 1 type, 2 object, whose field 1 is the enveloped object. */
function readWatchEvent(bytes: Buffer): WatchFrame {
  const cursor = new Cursor(bytes);
  let type = "";
  let object = bytes.subarray(0, 0);
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x0a) type = cursor.string();
    else if (tag === 0x12) object = readRawExtension(cursor);
    else cursor.skip(tag);
  }
  if (!isWatchType(type)) throw new CodecError("malformed", `a watch event of type ${JSON.stringify(type)}`);
  const { apiVersion, kind, raw } = unwrap(object);
  return { type, apiVersion, kind, raw };
}

function readRawExtension(cursor: Cursor): Buffer {
  const end = cursor.end;
  cursor.end = cursor.length() + cursor.pos;
  let raw = cursor.buffer.subarray(0, 0);
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    if (tag === 0x0a) raw = cursor.bytes();
    else cursor.skip(tag);
  }
  cursor.end = end;
  return raw;
}
