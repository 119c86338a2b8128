import { varintLength, writeVarint } from "./varint.ts";
import type { WatchType } from "./watch-frames.ts";

const lengthBytes = 4;

/**
 * One frame of a protobuf watch, as WatchFrameSplitter reads it: a big-endian length, then a WatchEvent of the type and
 * the enveloped object (apimachinery, util/framer/framer.go).
 */
export function encodeWatchFrame(type: WatchType, envelopedObject: Uint8Array): Buffer {
  const objectLength = envelopedObject.length;
  const extensionLength = 1 + varintLength(objectLength) + objectLength;
  const eventLength = 2 + type.length + 1 + varintLength(extensionLength) + extensionLength;
  const out = Buffer.allocUnsafe(lengthBytes + eventLength);
  let pos = out.writeUInt32BE(eventLength, 0);
  out[pos] = 0x0a;
  out[pos + 1] = type.length;
  pos += 2 + out.write(type, pos + 2, "latin1");
  out[pos] = 0x12;
  pos = writeVarint(out, extensionLength, pos + 1);
  out[pos] = 0x0a;
  pos = writeVarint(out, objectLength, pos + 1);
  out.set(envelopedObject, pos);
  return out;
}
