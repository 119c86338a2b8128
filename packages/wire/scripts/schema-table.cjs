// The table of types behind the JSON form: what the protos, the Go structs and the published OpenAPI say of every field,
// held against each other. Throws on whatever does not fit, so that no field is lost without a word.

const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { fieldsOf, namedMessages } = require("./schema.cjs");

const folder = join(__dirname, "../../../protos/openapi");
const readJson = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));

/** Messages that JSON shows as one value, and those around objects: they are no types of the table. */
const notObjects = new Set([
  "k8s.io.apimachinery.pkg.api.resource.Quantity",
  "k8s.io.apimachinery.pkg.util.intstr.IntOrString",
  "k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1",
  "k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime",
  "k8s.io.apimachinery.pkg.apis.meta.v1.Time",
  "k8s.io.apimachinery.pkg.apis.meta.v1.WatchEvent",
  "k8s.io.apimachinery.pkg.runtime.RawExtension",
  "k8s.io.apimachinery.pkg.runtime.TypeMeta",
  "k8s.io.apimachinery.pkg.runtime.Unknown",
  "k8s.io.api.authentication.v1.ExtraValue",
  "k8s.io.api.authorization.v1.ExtraValue",
  "k8s.io.api.certificates.v1.ExtraValue",
]);

/**
 * Members to which a conversion of the server gives an apiVersion and a kind that protobuf cannot hold
 * (kubernetes, pkg/apis/apps/v1/conversion.go).
 */
const embeddedKinds = new Map([["StatefulSetSpec.volumeClaimTemplates", "v1/PersistentVolumeClaim"]]);

/** What the proto type of a field must be for a Go type. */
const protoTypes = {
  time: "Time",
  microtime: "MicroTime",
  quantity: "Quantity",
  intOrString: "IntOrString",
  float64: "double",
};

function openApiNameOf(message) {
  return message.fullName.replace(/^\.k8s\.io\./, "io.k8s.");
}

function schemaTable(root) {
  const { schemas } = readJson("schemas.json");
  const { structs } = readJson("go-structs.json");
  const messages = namedMessages(root);
  const objects = [...messages].filter(([message]) => !notObjects.has(message.fullName.slice(1)));
  const names = typeNames(objects, structs);
  const byOpenApiName = new Map(objects.map(([message]) => [openApiNameOf(message), message]));
  const inlined = new Set(
    Object.values(structs).flatMap((fields) => fields.filter((f) => f.inline).map((f) => f.type.slice(1))),
  );
  const table = [];
  for (const [openApiName, name] of names) {
    if (inlined.has(openApiName) && schemas[openApiName] === undefined) continue;
    table.push({
      name,
      goName: openApiName.split(".").at(-1),
      fields: typeFields(openApiName, { structs, schemas, names, byOpenApiName }),
    });
  }
  for (const [message] of objects) {
    if (!structs[openApiNameOf(message)]) throw new Error(`no Go struct for ${message.fullName}`);
  }
  return table;
}

/** Short names by OpenAPI name: those of the generated messages, then those of types that only JSON has. */
function typeNames(objects, structs) {
  const names = new Map(objects.map(([message, name]) => [openApiNameOf(message), name]));
  const taken = new Set(names.values());
  for (const openApiName of Object.keys(structs).sort()) {
    const [group, , last] = openApiName.split(".").slice(-3);
    if (names.has(openApiName) || structs[openApiName].length === 0 || openApiName.endsWith(".WatchEvent")) continue;
    const name = taken.has(last) ? `${group[0].toUpperCase()}${group.slice(1)}${last}` : last;
    if (taken.has(name)) throw new Error(`two types would be called ${name}`);
    taken.add(name);
    names.set(openApiName, name);
  }
  return names;
}

/** The fields of a type as JSON shows them, in Go's order; inlined structs are opened. */
function typeFields(openApiName, context) {
  const schema = context.schemas[openApiName];
  const fields = placedFields(openApiName, context).map((field) => ({
    ...field,
    ...openApiFacts(`${openApiName}.${field.json}`, field, schema?.properties[field.json]),
    required: schema?.required?.includes(field.json) ?? false,
    embeddedKind: embeddedKinds.get(`${context.names.get(openApiName)}.${field.json}`),
  }));
  if (schema !== undefined) {
    const missing = Object.keys(schema.properties ?? {}).filter((json) => !fields.some((field) => field.json === json));
    if (missing.length > 0) throw new Error(`${openApiName}: OpenAPI has ${missing.join(", ")}, Go has not`);
  }
  return fields.map((field) => ({ ...field, type: namedType(field.type, context.names) }));
}

/** Go's fields, each with its place on the wire: none, [number], or [number, number] inside an inlined struct. */
function placedFields(openApiName, context) {
  const message = context.byOpenApiName.get(openApiName);
  const unplaced = new Map((message ? fieldsOf(message) : []).map((field) => [field.id, field]));
  const placed = [];
  for (const field of context.structs[openApiName]) {
    const protoField = unplaced.get(field.number);
    unplaced.delete(field.number);
    if (field.inline) {
      const inner = placedFields(field.type.slice(1), context);
      const owner = field.type.split(".").at(-1);
      placed.push(...inner.map((f) => ({ ...f, owner, place: f.place && protoField && [field.number, ...f.place] })));
      continue;
    }
    if (protoField !== undefined) checkProto(openApiName, field, protoField);
    else if (message && field.number !== undefined) {
      throw new Error(`${openApiName}.${field.json}: the protos have no field ${field.number}`);
    }
    placed.push({ ...field, place: protoField && [field.number] });
  }
  if (unplaced.size > 0) {
    throw new Error(`${openApiName}: Go has no field for ${[...unplaced.values()].map((f) => f.name).join(", ")}`);
  }
  return placed;
}

function checkProto(openApiName, field, protoField) {
  const where = `${openApiName}.${field.json}`;
  if (protoField.name !== field.proto)
    throw new Error(`${where} is ${field.proto} in Go, ${protoField.name} in the protos`);
  const shape = `${protoField.map ? "{}" : ""}${protoField.repeated ? "[]" : ""}`;
  const protoType = protoField.resolvedType?.name ?? protoField.type;
  if (shape + protoType !== expectedProto(field)) {
    throw new Error(`${where} is ${field.type} in Go, ${shape}${protoType} in the protos`);
  }
}

function expectedProto({ type, go }) {
  if (type === "raw") return go.split(".").at(-1);
  // A map of lists needs a message around each list; of all there is only ExtraValue.
  if (type === "{}[]string") return "{}ExtraValue";
  const [, shape, base] = /^((?:\{\}|\[\])*)(.*)$/.exec(type);
  return shape + (base.startsWith("#") ? base.split(".").at(-1) : (protoTypes[base] ?? base));
}

/** What only OpenAPI says, after checking that it speaks of the same. */
function openApiFacts(where, field, property) {
  if (property === undefined) return {};
  const expected = openApiType(property);
  if (expected !== field.type) throw new Error(`${where} is ${field.type} in Go, ${expected} in OpenAPI`);
  return {
    patchMergeKey: property["x-kubernetes-patch-merge-key"],
    patchStrategy: property["x-kubernetes-patch-strategy"],
    listType: property["x-kubernetes-list-type"],
    listMapKeys: property["x-kubernetes-list-map-keys"],
  };
}

const refTypes = {
  "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "time",
  "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "microtime",
  "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "raw",
  "io.k8s.apimachinery.pkg.runtime.RawExtension": "raw",
  "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "intOrString",
};

const scalarTypes = {
  string: "string",
  boolean: "bool",
  "string byte": "bytes",
  "integer int32": "int32",
  "integer int64": "int64",
};

function openApiType(schema) {
  const ref = (schema.$ref ?? schema.allOf?.[0].$ref)?.split("/").at(-1);
  if (ref !== undefined) return refTypes[ref] ?? `#${ref}`;
  if (schema.type === "array") return `[]${openApiType(schema.items)}`;
  if (schema.type === "object" && schema.additionalProperties) return `{}${openApiType(schema.additionalProperties)}`;
  return scalarTypes[[schema.type, schema.format].filter(Boolean).join(" ")] ?? `unknown ${JSON.stringify(schema)}`;
}

function namedType(type, names) {
  return type.replace(/#(.+)$/, (_, openApiName) => {
    const name = names.get(openApiName);
    if (name === undefined) throw new Error(`no type ${openApiName}`);
    return name;
  });
}

module.exports = { schemaTable };
