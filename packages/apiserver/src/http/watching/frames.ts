import { encodeWatchFrame } from "@hollowfleet/wire";
import type { WatchEvent } from "../../verbs/api.ts";
import { type ConvertOptions, convertObject } from "../negotiation/convert.ts";
import { type Encoder, encodeTyped } from "../negotiation/encode.ts";
import type { EncodedCache } from "../negotiation/encoded-cache.ts";
import type { Encoding, Representation } from "../negotiation/negotiate.ts";

export type FrameEncoder = (event: WatchEvent) => Uint8Array;

/** Makes the frames of one watch. Frames of unconverted objects are shared by all watches. */
export function createFrameEncoder(
  encoder: Encoder,
  cache: EncodedCache,
  { encoding, conversion }: Representation,
  convert: () => ConvertOptions,
): FrameEncoder {
  if (conversion === undefined) {
    return ({ type, object }) => {
      if (type === "ERROR") return frame(type, encodeTyped(object, encoding), encoding);
      return cache.encoded(object, `${encoding}-${type}`, () =>
        frame(type, encoder.object(object, encoding), encoding),
      );
    };
  }
  let withHeaders = true;
  return ({ type, object }) => {
    if (type === "ERROR") return frame(type, encodeTyped(object, encoding), encoding);
    const converted = convertObject(object, conversion, { ...convert(), withHeaders });
    withHeaders = false;
    return frame(type, encodeTyped(converted, encoding), encoding);
  };
}

const jsonEnd = Buffer.from("}\n");

function frame(type: WatchEvent["type"], object: Uint8Array, encoding: Encoding): Uint8Array {
  if (encoding === "protobuf") return encodeWatchFrame(type, object);
  return Buffer.concat([Buffer.from(`{"type":"${type}","object":`), object, jsonEnd]);
}
