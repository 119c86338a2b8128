import { types } from "../../gen/schema.js";
import type { FieldSchema, FieldType, TypeSchema } from "./schema.ts";

/** What one value of a field is on the wire. `raw` is JSON text inside a message: RawExtension, FieldsV1. */
export type WireType =
  | "string"
  | "int32"
  | "int64"
  | "bool"
  | "bytes"
  | "time"
  | "microtime"
  | "quantity"
  | "intOrString"
  | "raw"
  | "object";

/** A field as the conversions use it: its schema, its place on the wire, and when Go's JSON leaves it out. */
export interface FieldPlan extends FieldSchema {
  readonly name: string;
  /** As errors name it: behind the Go struct that declares it, where JSON shows that inlined. */
  readonly trailName: string;
  readonly wireType: WireType;
  /** Field number and wire type in one; 0 for what is not on the wire at all. */
  readonly tag: number;
  /** Dropped when zero: a Go value with omitempty. Otherwise a pointer: dropped only when absent. */
  readonly omitZero: boolean;
  /** The zero of a field that is `always` written is null: lists, maps, pointers. */
  readonly zeroIsNull: boolean;
  /** Of `object`. */
  readonly message: TypePlan | undefined;
  /** As errors of Go's JSON decoder name it, e.g. "[]v1.Container". */
  readonly goType: string;
  /** Elements carry this apiVersion and kind in JSON although protobuf has no place for them. */
  readonly embeddedKind: { readonly apiVersion: string; readonly kind: string } | undefined;
}

/** One line of a message: a field of its own, or a Go struct that JSON shows inlined. */
export type WirePlan = FieldPlan | InlinePlan;

export interface InlinePlan {
  readonly tag: number;
  readonly inline: TypePlan;
}

/** A type, ready for converting. */
export interface TypePlan extends TypeSchema {
  /** As errors of Go's JSON decoder name it: without its package, "PodSpec". */
  readonly goName: string;
  readonly fields: ReadonlyMap<string, FieldPlan>;
  /** The values of `fields`. */
  readonly members: readonly FieldPlan[];
  /** Members that are written even when they are zero. */
  readonly always: readonly FieldPlan[];
  /** In the order of field numbers. */
  readonly wire: readonly WirePlan[];
  /** The same by field number. */
  readonly byNumber: readonly (WirePlan | undefined)[];
}

interface MutablePlan extends TypePlan {
  readonly fields: Map<string, FieldPlan>;
  readonly members: FieldPlan[];
  readonly always: FieldPlan[];
  readonly wire: WirePlan[];
  readonly byNumber: (WirePlan | undefined)[];
}

const plans = new Map<string, TypePlan>();

/** The plan of a type by its name; made of its lines in the generated table when first asked for. */
export function findPlan(name: string): TypePlan | undefined {
  const known = plans.get(name);
  if (known !== undefined) return known;
  const text = types.get(name);
  if (text === undefined) return undefined;
  const [goName = "", ...lines] = text.split("\n");
  const plan = emptyPlan(name, goName);
  // Known before its fields are read: a type may refer to itself.
  plans.set(name, plan);
  for (const line of lines) addField(plan, line);
  orderWire(plan);
  return plan;
}

function emptyPlan(name: string, goName: string): MutablePlan {
  return { name, goName, fields: new Map(), members: [], always: [], wire: [], byNumber: [] };
}

/** Reads one line, `number name type flag…`, whose grammar scripts/target-schema.cjs writes down. */
function addField(plan: MutablePlan, line: string): void {
  const [place = "", name = "", typeText = "", ...flags] = line.split(" ");
  const [first = 0, second] = place === "-" ? [] : place.split(".").map(Number);
  const field = readField(second ?? first, name, typeText, flags);
  plan.fields.set(name, field);
  plan.members.push(field);
  if (field.always) plan.always.push(field);
  if (second !== undefined) put(inlineAt(plan, first).inline as MutablePlan, second, field);
  else if (first > 0) put(plan, first, field);
}

function inlineAt(plan: MutablePlan, number: number): InlinePlan {
  const known = plan.byNumber[number];
  if (known !== undefined && "inline" in known) return known;
  const made: InlinePlan = { tag: (number << 3) | 2, inline: emptyPlan(plan.name, plan.goName) };
  put(plan, number, made);
  return made;
}

function put(plan: MutablePlan, number: number, line: WirePlan): void {
  while (plan.byNumber.length <= number) plan.byNumber.push(undefined);
  plan.byNumber[number] = line;
}

function orderWire(plan: MutablePlan): void {
  for (const line of plan.byNumber) {
    if (line === undefined) continue;
    plan.wire.push(line);
    if ("inline" in line) orderWire(line.inline as MutablePlan);
  }
}

const wireTypes: ReadonlySet<string> = new Set<WireType>([
  "string",
  "int32",
  "int64",
  "bool",
  "bytes",
  "time",
  "microtime",
  "quantity",
  "intOrString",
  "raw",
]);

const varints: ReadonlySet<WireType> = new Set<WireType>(["int32", "int64", "bool"]);

const schemaTypes: Readonly<Partial<Record<WireType, FieldType>>> = { int32: "int", int64: "int", raw: "any" };

function readField(number: number, name: string, typeText: string, flags: readonly string[]): FieldPlan {
  const map = typeText.startsWith("{}");
  const afterMap = map ? typeText.slice(2) : typeText;
  const list = afterMap.startsWith("[]");
  const base = list ? afterMap.slice(2) : afterMap;
  const wireType = (wireTypes.has(base) ? base : "object") as WireType;
  const message = wireType === "object" ? requirePlan(base) : undefined;
  const option = (key: string) => flags.find((flag) => flag.startsWith(`${key}=`))?.slice(key.length + 1);
  const [embeddedApiVersion, embeddedKind] = option("kind")?.split("/") ?? [];
  const owner = option("in");
  const always = flags.includes("always") || flags.includes("null");
  return {
    type: schemaTypes[wireType] ?? (wireType as FieldType),
    name,
    trailName: owner === undefined ? name : `${owner}.${name}`,
    wireType,
    tag: number === 0 ? 0 : (number << 3) | (varints.has(wireType) && !map ? 0 : 2),
    omitZero: flags.includes("omit"),
    zeroIsNull: map || list || flags.includes("null"),
    message,
    goType: option("go") ?? goTypeOf(map, list, wireType, message),
    embeddedKind:
      embeddedApiVersion !== undefined && embeddedKind !== undefined
        ? { apiVersion: embeddedApiVersion, kind: embeddedKind }
        : undefined,
    ...(message !== undefined && { ref: base }),
    ...(list && { list }),
    ...(map && { map }),
    ...(always && { always }),
    ...(flags.includes("required") && { required: true }),
    ...patchFacts(option),
  };
}

function patchFacts(option: (key: string) => string | undefined): Partial<FieldSchema> {
  const [patchMergeKey, strategy, listType, keys] = [option("key"), option("patch"), option("list"), option("keys")];
  return {
    ...(patchMergeKey !== undefined && { patchMergeKey }),
    ...(strategy !== undefined && { patchStrategy: strategy.split(",") }),
    ...(listType !== undefined && { listType: listType as "atomic" | "set" | "map" }),
    ...(keys !== undefined && { listMapKeys: keys.split(",") }),
  };
}

function requirePlan(name: string): TypePlan {
  const plan = findPlan(name);
  if (plan === undefined) throw new Error(`the generated table has no type ${name}`);
  return plan;
}

/** Go types of wire types that are not called the same. */
const goTypes: Readonly<Partial<Record<WireType, string>>> = {
  bytes: "[]uint8",
  time: "v1.Time",
  microtime: "v1.MicroTime",
  quantity: "resource.Quantity",
  intOrString: "intstr.IntOrString",
  raw: "runtime.RawExtension",
};

function goTypeOf(map: boolean, list: boolean, wireType: WireType, message: TypePlan | undefined): string {
  const value = message === undefined ? (goTypes[wireType] ?? wireType) : `v1.${message.goName}`;
  return `${map ? "map[string]" : ""}${list ? "[]" : ""}${value}`;
}
