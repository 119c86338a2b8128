/** One frame of a watch stream: a big-endian length and a WatchEvent (1 type, 2 RawExtension with 1 raw). */
export function watchFrame(type: string, object: Uint8Array): Uint8Array {
  const extension = lengthDelimited(0x0a, object);
  const event = Buffer.concat([lengthDelimited(0x0a, Buffer.from(type)), lengthDelimited(0x12, extension)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.byteLength);
  return Buffer.concat([length, event]);
}

function lengthDelimited(tag: number, bytes: Uint8Array): Uint8Array {
  const head = [tag];
  let rest = bytes.byteLength;
  for (; rest >= 0x80; rest >>>= 7) head.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...head, rest]), bytes]);
}
