/** Bytes that `value`, a non-negative integer below 2^53, takes as a varint. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}

/** Writes `value`, a non-negative integer below 2^53, at `pos`; returns the position behind it. */
export function writeVarint(target: Uint8Array, value: number, pos: number): number {
  let at = pos;
  let rest = value;
  while (rest >= 128) {
    target[at++] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
  }
  target[at++] = rest;
  return at;
}

/** The varint of any safe integer; a negative one takes ten bytes, as int32 and int64 do on the wire. */
export function varintBytes(value: number): Uint8Array {
  if (value >= 0) {
    const bytes = new Uint8Array(varintLength(value));
    writeVarint(bytes, value, 0);
    return bytes;
  }
  const bytes = new Uint8Array(10);
  let rest = BigInt.asUintN(64, BigInt(value));
  for (let at = 0; at < 10; at++) {
    bytes[at] = Number(rest & 127n) + (at < 9 ? 128 : 0);
    rest >>= 7n;
  }
  return bytes;
}
