// What both pbjs targets share: every message of the loaded protos with its one name in the generated code.

const { Type, types } = require("protobufjs");

/** Earlier packages keep their plain names; a message of a later one that collides gets its group in front: EventsEvent. */
const packageOrder = [
  "k8s.io.apimachinery.pkg.api.resource",
  "k8s.io.apimachinery.pkg.util.intstr",
  "k8s.io.apimachinery.pkg.runtime",
  "k8s.io.apimachinery.pkg.apis.meta.v1",
  "k8s.io.api.core.v1",
];

/** The messages of `root` in a stable order, as a map from reflection object to name. */
function namedMessages(root) {
  root.resolveAll();
  const found = [];
  const collect = (namespace) => {
    for (const nested of namespace.nestedArray ?? []) {
      if (nested instanceof Type) found.push(nested);
      else collect(nested);
    }
  };
  collect(root);
  const packageOf = (type) => type.parent.fullName.slice(1);
  const rank = (type) => {
    const at = packageOrder.indexOf(packageOf(type));
    return `${at < 0 ? packageOrder.length : at} ${packageOf(type)}`;
  };
  const ranked = found.map((type, index) => ({ type, index, rank: rank(type) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.index - b.index));
  const names = new Map();
  const taken = new Set();
  for (const { type } of ranked) {
    const group = packageOf(type).split(".").at(-2);
    const name = taken.has(type.name) ? `${group[0].toUpperCase()}${group.slice(1)}${type.name}` : type.name;
    if (taken.has(name)) throw new Error(`two messages would be called ${name}`);
    taken.add(name);
    names.set(type, name);
  }
  return names;
}

/** The fields of `type` by number, which is the order in which Go writes them. */
function fieldsOf(type) {
  return [...type.fieldsArray].sort((a, b) => a.id - b.id);
}

/** Wire type of a scalar; messages are length-delimited. */
function wireTypeOf(type) {
  return types.basic[type] ?? 2;
}

module.exports = { fieldsOf, namedMessages, wireTypeOf };
