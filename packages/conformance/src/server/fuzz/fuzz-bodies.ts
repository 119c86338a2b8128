import type { Random } from "@hollowfleet/core";
import { jsonToProtobuf, wrap } from "@hollowfleet/wire";
import { configMap, pod } from "../cases/objects.ts";
import { configMapsPath, type FuzzRequest, jsonPost, podsPath, protobufPost } from "./fuzz-request.ts";

const validPod = JSON.stringify(pod("fuzzed", { nodeName: "n", tolerations: [{ operator: "Exists" }] }));
const validConfigMap = JSON.stringify(configMap("fuzzed", { k: "v" }));

/** JSON that is cut, broken, or says what no ConfigMap and no Pod can be. */
export function jsonBodies(random: Random): FuzzRequest[] {
  return [
    ...cuts(validPod.length, 60).map((at) => jsonPost(`JSON cut at ${at}`, podsPath, validPod.slice(0, at))),
    ...Array.from({ length: 60 }, (_, index) => jsonPost(`JSON broken, ${index}`, podsPath, broken(random))),
    ...brokenJson.map(([title, text]) => jsonPost(title, configMapsPath, text)),
    ...wrongTypes.map(([path, value]) =>
      jsonPost(`${path} is ${JSON.stringify(value)}`, podsPath, JSON.stringify(withValue(validPod, path, value))),
    ),
  ];
}

/** Places from 0 up to `length`, spread evenly. */
function cuts(length: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor((index * length) / count));
}

/** A structural character of the text replaced by one that cannot stand there. */
function broken(random: Random): string {
  const places = [...validPod.matchAll(/[{}[\]:,]/g)].map(({ index }) => index);
  const at = places[random.int(places.length)] ?? 0;
  const other = "}]:{[,;".replace(validPod[at] ?? "", "");
  const text = validPod.slice(0, at) + (other[random.int(other.length)] ?? "") + validPod.slice(at + 1);
  return parses(text) ? "{" : text;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const brokenJson: readonly (readonly [title: string, text: string | Uint8Array])[] = [
  ["nothing at all", ""],
  ["blanks", "   \n"],
  ["null", "null"],
  ["a number", "17"],
  ["a list", "[]"],
  ["a text", '"x"'],
  ["nothing in it", "{}"],
  ["lists of lists without end", "[".repeat(100_000)],
  ["objects of objects without end", '{"a":'.repeat(100_000)],
  ["a deep object in data", `{"data":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`],
  ["no number", '{"metadata":{"name":"a","generation":NaN}}'],
  ["a number that is too large", '{"metadata":{"name":"a","generation":1e400}}'],
  ["a fraction where none can be", '{"metadata":{"name":"a","generation":1.5}}'],
  ["a name of no letters", '{"metadata":{"name":"\\u0000"}}'],
  ["half of a surrogate pair as a name", '{"metadata":{"name":"\\ud800"}}'],
  ["an unfinished escape", '{"metadata":{"name":"\\u00"}}'],
  ["a line end in a text", '{"metadata":{"name":"a\nb"}}'],
  ["bytes that are no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ["a byte order mark alone", Buffer.from([0xef, 0xbb, 0xbf])],
  ["YAML", "apiVersion: v1\nkind: ConfigMap\n"],
  ["two objects", `${validConfigMap}${validConfigMap}`],
  ["a comment", `/* */ ${validConfigMap} //`],
  ["protobuf", Buffer.from("6b387300", "hex")],
];

const wrongTypes: readonly (readonly [path: string, value: unknown])[] = [
  ["metadata", "text"],
  ["metadata", []],
  ["metadata.name", 7],
  ["metadata.name", { a: 1 }],
  ["metadata.name", "../../etc"],
  ["metadata.name", "x".repeat(100_000)],
  ["metadata.labels", "text"],
  ["metadata.labels", { a: 1 }],
  ["metadata.labels", { "": "" }],
  ["metadata.annotations", { a: {} }],
  ["metadata.finalizers", "text"],
  ["metadata.finalizers", [1]],
  ["metadata.ownerReferences", [7]],
  ["metadata.ownerReferences", [{}]],
  ["metadata.creationTimestamp", "yesterday"],
  ["metadata.creationTimestamp", 1e12],
  ["metadata.deletionGracePeriodSeconds", "7"],
  ["spec", []],
  ["spec", "text"],
  ["spec.containers", {}],
  ["spec.containers", [[]]],
  ["spec.containers", [null]],
  ["spec.containers", [{ name: {}, image: [] }]],
  ["spec.containers", [{ name: "c", image: "x", ports: [{ containerPort: "80" }] }]],
  ["spec.containers", [{ name: "c", image: "x", resources: { requests: { cpu: "1x" } } }]],
  ["spec.containers", [{ name: "c", image: "x", resources: { requests: { cpu: {} } } }]],
  ["spec.containers", [{ name: "c", image: "x", livenessProbe: { httpGet: { port: {} } } }]],
  ["spec.terminationGracePeriodSeconds", "soon"],
  ["spec.terminationGracePeriodSeconds", 9.5],
  ["spec.activeDeadlineSeconds", 1e30],
  ["spec.hostNetwork", "yes"],
  ["spec.nodeSelector", ["a"]],
  ["spec.tolerations", [{ operator: "Likes" }]],
  ["spec.volumes", [{ name: "v", secret: { defaultMode: "0777" } }]],
  ["kind", "Meteor"],
  ["kind", 7],
  ["apiVersion", "v9"],
  ["apiVersion", ["v1"]],
];

function withValue(text: string, path: string, value: unknown): unknown {
  const root = JSON.parse(text) as Record<string, unknown>;
  const parts = path.split(".");
  let at = root;
  for (const part of parts.slice(0, -1)) at = at[part] as Record<string, unknown>;
  at[parts.at(-1) ?? ""] = value;
  return root;
}

/** Protobuf that is cut, or whose tags and lengths lie. */
export function protobufBodies(random: Random): FuzzRequest[] {
  const raw = jsonToProtobuf(JSON.parse(validPod));
  const valid = wrap("v1", "Pod", raw);
  const bad = (title: string, bytes: Uint8Array) => protobufPost(title, podsPath, wrap("v1", "Pod", bytes));
  return [
    // The last four bytes are the envelope's empty fields, which may be missing.
    ...cuts(valid.length - 4, 80).map((at) => protobufPost(`protobuf cut at ${at}`, podsPath, valid.subarray(0, at))),
    ...cuts(raw.length, 40).map((at) => bad(`object cut at ${at}`, cut(raw, at))),
    ...Array.from({ length: 100 }, (_, index) =>
      protobufPost(`noise ${index}`, podsPath, Buffer.concat([Buffer.from("6b387300", "hex"), noise(random)])),
    ),
    bad("a length beyond the end", Buffer.from("0affffffff0f", "hex")),
    bad("a length of 2^63", Buffer.from("0affffffffffffffff7f", "hex")),
    bad("a varint without end", Buffer.from("08ffffffffffffffffffffffff", "hex")),
    bad("a group that nobody closes", Buffer.from("0b", "hex")),
    bad("field number 0", Buffer.from("0001", "hex")),
    bad("metadata as a number", Buffer.from("0801", "hex")),
    bad("a message in itself without end", nested(5000)),
    protobufPost("no envelope", podsPath, raw),
    protobufPost("JSON", podsPath, Buffer.from(validPod)),
    protobufPost("another kind", podsPath, wrap("v1", "ConfigMap", new Uint8Array())),
    protobufPost("a kind of no group", podsPath, wrap("stars/v1", "Meteor", new Uint8Array())),
    protobufPost("no kind", podsPath, wrap("", "", new Uint8Array())),
    protobufPost("nothing", podsPath, new Uint8Array()),
  ];
}

/** Cut, and ended by a varint that is not finished. */
function cut(raw: Uint8Array, at: number): Uint8Array {
  return Buffer.concat([raw.subarray(0, at), Buffer.from([0xff, 0xff])]);
}

function noise(random: Random): Buffer {
  // A tag of an open group first: whatever follows is no message.
  return Buffer.concat([Buffer.from([0x13]), Buffer.from(random.hex(2 * (1 + random.int(64))), "hex")]);
}

function nested(depth: number): Buffer {
  let inner = Buffer.from([0x0a, 0x05]);
  for (let level = 0; level < depth; level++) {
    inner = Buffer.concat([Buffer.from([0x0a, ...varint(inner.length)]), inner]);
  }
  return inner;
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
