import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeWatchFrame } from "./encode-watch-frame.ts";
import { wrap } from "./envelope.ts";
import { type WatchFrame, WatchFrameSplitter, type WatchType } from "./watch-frames.ts";

test("frames are read back by the splitter", () => {
  const types = fc.constantFrom<WatchType>("ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR");
  fc.assert(
    fc.property(fc.array(fc.tuple(types, fc.uint8Array({ maxLength: 300 }))), (events) => {
      const frames: WatchFrame[] = [];
      const bytes = Buffer.concat(events.map(([type, raw]) => encodeWatchFrame(type, wrap("v1", "Pod", raw))));
      new WatchFrameSplitter().push(bytes, (frame) => frames.push(frame));
      expect(frames.map(({ type, kind, raw }) => [type, kind, Buffer.from(raw)])).toEqual(
        events.map(([type, raw]) => [type, "Pod", Buffer.from(raw)]),
      );
    }),
  );
});
