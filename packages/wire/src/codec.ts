import { type Decode, type Encode, fromBytes, toBytes } from "../gen/k8s.js";
import { CodecError } from "./codec-error.ts";
import { asBuffer } from "./cursor.ts";

/** One kind of the API with its codec. Raw means the protobuf of the object, without the `k8s\0` envelope. */
export interface Kind<T> {
  readonly apiVersion: string;
  readonly kind: string;
  /** Writes the fields that are set, explicit zeros included. Unknown fields of a decoded object are not kept: splice them. */
  encode(object: T): Uint8Array;
  /**
   * Reads the fields that our protos name. Fields of type bytes are views of `raw`.
   * @throws CodecError `malformed`
   */
  decode(raw: Uint8Array): T;
}

/** Pairs a kind with its generated functions. */
export function createKind<T>(apiVersion: string, kind: string, encode: Encode<T>, decode: Decode<T>): Kind<T> {
  return {
    apiVersion,
    kind,
    encode: (object) => toBytes(encode, object),
    decode(raw) {
      try {
        return fromBytes(decode, asBuffer(raw));
      } catch (thrown) {
        throw undecodable(kind, apiVersion, thrown);
      }
    },
  };
}

function undecodable(kind: string, apiVersion: string, cause: unknown): CodecError {
  return new CodecError("malformed", `not the protobuf of a ${kind} (${apiVersion})`, { cause });
}
