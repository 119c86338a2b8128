import { HollowError } from "@hollowfleet/core";
import { goQuote } from "@hollowfleet/wire";
import { jsonSyntaxFault } from "./json-syntax-fault.ts";

/** A text that is no JSON. The message has Go's words, which the real server passes on. */
export class JsonTextError extends HollowError<"malformed"> {
  constructor(message: string) {
    super("malformed", message);
  }
}

/** JSON as it was read. */
export interface JsonText {
  readonly value: unknown;
  /** `duplicate field "spec.replicas"`, once for each member that stands more than once in its object; at most 100. */
  readonly duplicates: readonly string[];
}

/** Objects and arrays in each other. Go's decoder takes 10,000, more than our stack would hold; real objects have some 20. */
const maxDepth = 1000;

/** Go's decoder reports no more (sigs.k8s.io/json, kubernetes_patch.go). */
const maxFaults = 100;

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads UTF-8 JSON. Of members with the same name the last counts.
 * @throws JsonTextError
 */
export function readJson(bytes: Uint8Array): JsonText {
  const text = utf8.decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new JsonTextError(jsonSyntaxFault(text));
  }
  return { value, duplicates: duplicateFields(text) };
}

/** An object or array around the place of the scan. */
interface Frame {
  /** Of an object; undefined for an array. */
  readonly keys: Set<string> | undefined;
  /** The member or element that is being scanned. */
  name: string;
  index: number;
}

const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** One pass over a text that is known to be JSON. */
function duplicateFields(text: string): string[] {
  const faults = new Set<string>();
  const frames: Frame[] = [];
  let frame: Frame | undefined;
  let keyIsNext = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote: {
        const end = stringEnd(text, at);
        if (keyIsNext && frame?.keys !== undefined) {
          frame.name = keyOf(text.slice(at, end + 1));
          if (frame.keys.has(frame.name) && faults.size < maxFaults) {
            faults.add(`duplicate field ${goQuote(pathOf(frames))}`);
          }
          frame.keys.add(frame.name);
          keyIsNext = false;
        }
        at = end;
        break;
      }
      case openBrace:
      case openBracket:
        keyIsNext = text.charCodeAt(at) === openBrace;
        frame = { keys: keyIsNext ? new Set() : undefined, name: "", index: 0 };
        frames.push(frame);
        if (frames.length > maxDepth) throw new JsonTextError(`invalid character '${text[at]}' exceeded max depth`);
        break;
      case closeBrace:
      case closeBracket:
        frames.pop();
        frame = frames.at(-1);
        keyIsNext = false;
        break;
      case comma:
        keyIsNext = frame?.keys !== undefined;
        if (frame !== undefined) frame.index++;
        break;
    }
  }
  return [...faults];
}

function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}

function keyOf(literal: string): string {
  return literal.includes("\\") ? String(JSON.parse(literal)) : literal.slice(1, -1);
}

function pathOf(frames: readonly Frame[]): string {
  let path = "";
  for (const { keys, name, index } of frames) {
    if (keys === undefined) path += `[${index}]`;
    else path += path === "" ? name : `.${name}`;
  }
  return path;
}
