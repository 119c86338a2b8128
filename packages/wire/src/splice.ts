import { CodecError } from "./codec-error.ts";
import { Cursor, wireTypes } from "./cursor.ts";
import { varintBytes, varintLength, writeVarint } from "./varint.ts";

/**
 * What a field is to hold: text, bytes or an encoded message (`bytes`), a number or boolean (`varint`), or all values
 * of a repeated field of the first sort (`repeated`).
 */
export type FieldValue =
  | { readonly wire: "bytes"; readonly value: Uint8Array }
  | { readonly wire: "varint"; readonly value: number }
  | { readonly wire: "repeated"; readonly values: readonly Uint8Array[] };

/**
 * One change. `path` is the field numbers from the root ([3, 1] is status.phase of a Pod) and passes through no repeated
 * field, since all occurrences on the way count as one message, as protobuf merges them.
 */
export interface FieldEdit {
  readonly path: readonly number[];
  /** undefined removes the field. */
  readonly value: FieldValue | undefined;
}

/**
 * Edits fields in the bytes of a message. The value takes the place of the field's first occurrence, further occurrences
 * go; a field that was absent is put at the end of its message, with the messages on the way to it. Every other byte, of
 * unknown fields too, stays as it was and in its order.
 * @throws CodecError `truncated`, `malformed`; `malformed` also if one path is the beginning of another
 */
export function splice(raw: Uint8Array, edits: readonly FieldEdit[]): Uint8Array {
  if (edits.length === 0) return raw;
  const out = new Pieces();
  rewrite(new Cursor(raw), plan(edits, 0), out);
  return out.join();
}

/** The edits of one message by field number: a value to set, or a plan for a nested message. */
type Plan = Map<number, Step>;

interface Step {
  readonly number: number;
  readonly change: { readonly value: FieldValue | undefined } | Plan;
  /** Occurrences of the field still to come: what is absent from a nested message is put into its last one. */
  occurrences: number;
  isDone: boolean;
}

function plan(edits: readonly FieldEdit[], depth: number): Plan {
  const byNumber = new Map<number, FieldEdit[]>();
  for (const edit of edits) {
    const number = edit.path[depth];
    if (number === undefined) throw new CodecError("malformed", `no field at the end of path ${edit.path.join(".")}`);
    const group = byNumber.get(number);
    if (group === undefined) byNumber.set(number, [edit]);
    else group.push(edit);
  }
  const steps: Plan = new Map();
  for (const [number, group] of byNumber) {
    const last = group.at(-1);
    const isLeaf = group.every(({ path }) => path.length === depth + 1);
    const change = isLeaf && last !== undefined ? { value: last.value } : plan(group, depth + 1);
    steps.set(number, { number, change, occurrences: 0, isDone: false });
  }
  return steps;
}

/** Copies the message under the cursor to `out` with the plan carried out. */
function rewrite(cursor: Cursor, steps: Plan, out: Pieces): void {
  count(cursor, steps);
  rewriteOccurrences(cursor, steps, out);
  for (const step of steps.values()) append(step, out);
}

function rewriteOccurrences(cursor: Cursor, steps: Plan, out: Pieces): void {
  let kept = cursor.pos;
  for (;;) {
    const start = cursor.pos;
    const tag = cursor.tag();
    if (tag === 0) break;
    const step = steps.get(Math.floor(tag / 8));
    if (step === undefined) {
      cursor.skip(tag);
      continue;
    }
    out.add(cursor.buffer.subarray(kept, start));
    if (step.change instanceof Map) rewriteNested(cursor, tag, step, step.change, out);
    else {
      cursor.skip(tag);
      append(step, out);
    }
    kept = cursor.pos;
  }
  out.add(cursor.buffer.subarray(kept, cursor.end));
}

function count(cursor: Cursor, steps: Plan): void {
  const start = cursor.pos;
  for (const step of steps.values()) step.occurrences = 0;
  for (let tag = cursor.tag(); tag !== 0; tag = cursor.tag()) {
    const step = steps.get(Math.floor(tag / 8));
    if (step !== undefined) step.occurrences++;
    cursor.skip(tag);
  }
  cursor.pos = start;
}

function rewriteNested(cursor: Cursor, tag: number, step: Step, steps: Plan, out: Pieces): void {
  if ((tag & 7) !== wireTypes.bytes) throw new CodecError("malformed", `field ${step.number} is no message`);
  const outerEnd = cursor.end;
  cursor.end = cursor.length() + cursor.pos;
  const nested = out.open(step.number);
  count(cursor, steps);
  rewriteOccurrences(cursor, steps, out);
  step.occurrences--;
  if (step.occurrences === 0) {
    for (const inner of steps.values()) append(inner, out);
    step.isDone = true;
  }
  out.close(nested);
  cursor.end = outerEnd;
}

/** Writes what `step` sets, once; a nested message only if anything is set in it. */
function append(step: Step, out: Pieces): void {
  if (step.isDone) return;
  step.isDone = true;
  const { number, change } = step;
  if (!(change instanceof Map)) out.addField(number, change.value);
  else if (setsAnything(change)) {
    const nested = out.open(number);
    for (const inner of change.values()) append(inner, out);
    out.close(nested);
  }
}

function setsAnything(steps: Plan): boolean {
  for (const { change } of steps.values()) {
    if (change instanceof Map ? setsAnything(change) : change.value !== undefined) return true;
  }
  return false;
}

interface OpenMessage {
  readonly number: number;
  /** Where its header belongs among the pieces. */
  readonly at: number;
  /** Bytes written before it. */
  readonly before: number;
}

/** The output as views, joined at the end: a nested message's length is known only when it is closed. */
class Pieces {
  private readonly pieces: Uint8Array[] = [];
  private length = 0;

  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.pieces.push(piece);
    this.length += piece.length;
  }

  addField(number: number, value: FieldValue | undefined): void {
    if (value === undefined) return;
    if (value.wire === "varint") {
      this.add(varintBytes(number * 8 + wireTypes.varint));
      this.add(varintBytes(value.value));
      return;
    }
    for (const bytes of value.wire === "bytes" ? [value.value] : value.values) {
      this.add(header(number, bytes.length));
      this.add(bytes);
    }
  }

  open(number: number): OpenMessage {
    this.pieces.push(new Uint8Array(0));
    return { number, at: this.pieces.length - 1, before: this.length };
  }

  close({ number, at, before }: OpenMessage): void {
    const bytes = header(number, this.length - before);
    this.pieces[at] = bytes;
    this.length += bytes.length;
  }

  join(): Uint8Array {
    return Buffer.concat(this.pieces, this.length);
  }
}

function header(number: number, length: number): Uint8Array {
  const tag = number * 8 + wireTypes.bytes;
  const bytes = new Uint8Array(varintLength(tag) + varintLength(length));
  writeVarint(bytes, length, writeVarint(bytes, tag, 0));
  return bytes;
}
