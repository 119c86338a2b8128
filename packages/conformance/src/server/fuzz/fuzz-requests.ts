import type { Random } from "@hollowfleet/core";
import { mediaTypes } from "@hollowfleet/wire";
import { jsonBodies, protobufBodies } from "./fuzz-bodies.ts";
import { configMapsPath, deploymentsPath, type FuzzRequest, jsonPost, patchOf, podsPath } from "./fuzz-request.ts";

/** Everything that must be refused: equal for equal seeds. */
export function fuzzRequests(random: Random): readonly FuzzRequest[] {
  return [...jsonBodies(random), ...protobufBodies(random), ...selectors(), ...names(), ...patches(), ...paths()];
}

const badLabelSelectors = [
  "=x",
  "!",
  "!!a",
  "a=b=c",
  "a in",
  "a in b",
  "a in (",
  "a in (b",
  "a in )b(",
  "a notin",
  "in (a)",
  "a,,b",
  ",a",
  "a>b",
  "a>",
  "a>1>2",
  "a b",
  "(a)",
  "a=(b)",
  "-a=b",
  "a/b/c=d",
  "a=b c",
  "a=💥",
  `${"k".repeat(64)}=v`,
  `k=${"v".repeat(64)}`,
  `${"p".repeat(254)}/k=v`,
  "a=b;c=d",
  "'a'='b'",
  "a=b\n,c=d e",
];

const badFieldSelectors = [
  "metadata.name",
  "metadata.name>1",
  "=a",
  "spec.colour=red",
  "metadata.name=a=b,x",
  "\\",
  "a\\=b",
];

function selectors(): FuzzRequest[] {
  const get = (title: string, query: string): FuzzRequest => ({
    title,
    method: "GET",
    path: `${configMapsPath}?${query}`,
  });
  return [
    ...badLabelSelectors.map((text) => get(`label selector ${text}`, `labelSelector=${encodeURIComponent(text)}`)),
    ...badFieldSelectors.map((text) => get(`field selector ${text}`, `fieldSelector=${encodeURIComponent(text)}`)),
    ...badLabelSelectors.map((text) => ({
      ...get(`deletecollection of ${text}`, `labelSelector=${encodeURIComponent(text)}`),
      method: "DELETE",
    })),
    ...[
      "limit=x",
      "limit=1.5",
      "continue=%00",
      "continue=e30",
      "resourceVersion=-1",
      "resourceVersion=1e3",
      "timeoutSeconds=x",
    ].map((query) => get(query, query)),
  ];
}

const badNames = [
  "UPPER",
  "under_score",
  "-dash",
  "dash-",
  ".dot",
  "two..dots",
  "sp ace",
  "ünïcode",
  "💥",
  "a%",
  "a\u0000b",
  "a\nb",
  "..",
  "x".repeat(254),
  "x".repeat(20_000),
  "__proto__",
  "constructor_",
  "' or 1=1 --",
  "<script>",
];

function names(): FuzzRequest[] {
  const named = (name: string) => JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
  return badNames.flatMap((name) => [
    jsonPost(`name ${name.slice(0, 20)}`, configMapsPath, named(name)),
    jsonPost(
      `generateName ${name.slice(0, 20)}`,
      configMapsPath,
      JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: `${name.slice(0, 100)}/` } }),
    ),
    ...(name.length > 1000 || name === ".."
      ? []
      : (["GET", "DELETE"] as const).map((method) => ({
          title: `${method} ${name.slice(0, 20)}`,
          method,
          path: `${configMapsPath}/${encodeURIComponent(name)}`,
        }))),
    {
      title: `PUT ${name.slice(0, 20)}`,
      method: "PUT",
      path: `${configMapsPath}/there`,
      contentType: mediaTypes.json,
      body: Buffer.from(named(name)),
    },
  ]);
}

const json = mediaTypes.jsonPatch;
const merge = mediaTypes.mergePatch;
const strategic = mediaTypes.strategicMergePatch;

const jsonPatches = [
  "{}",
  "7",
  "[7]",
  "[null]",
  "[[]]",
  '[{"op":"add"}]',
  '[{"op":"add","path":"data","value":1}]',
  '[{"op":"burn","path":"/data"}]',
  '[{"op":"remove","path":"/none"}]',
  '[{"op":"remove","path":"/data/~2"}]',
  '[{"op":"replace","path":"/metadata/name","value":"other"}]',
  '[{"op":"replace","path":"","value":7}]',
  '[{"op":"replace","path":"/kind","value":"Secret"}]',
  '[{"op":"move","from":"/none","path":"/data/x"}]',
  '[{"op":"move","from":"/data","path":"/data/in/itself"}]',
  '[{"op":"test","path":"/data/a","value":"other"}]',
  '[{"op":"add","path":"/metadata/labels/x/y","value":"z"}]',
  '[{"op":"add","path":"/data/ok","value":"written"},{"op":"test","path":"/data/a","value":"no"}]',
  '[{"op":"add","path":"/data/n","value":7}]',
  '[{"op":"add","path":"/metadata/labels","value":{"bad key":"v"}}]',
];

const mergePatches = [
  "",
  "[]",
  "7",
  '"x"',
  "{",
  '{"data":7}',
  '{"data":{"k":{}}}',
  '{"data":{"bad key!":"v"}}',
  '{"metadata":{"name":"other"}}',
  '{"metadata":{"namespace":"other"}}',
  '{"metadata":{"uid":"other"}}',
  '{"metadata":{"labels":[]}}',
  '{"metadata":null}',
  '{"kind":"Secret"}',
  `{"data":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`,
];

/** Of them the real server refuses those about lists and directives with 500, as if the fault were its own. */
const strategicPatches = [
  '{"spec":{"template":{"spec":{"containers":{}}}}}',
  '{"spec":{"template":{"spec":{"containers":[7]}}}}',
  '{"spec":{"template":{"spec":{"containers":[{"image":"unnamed"}]}}}}',
  '{"spec":{"template":{"spec":{"containers":[{"name":"c","$patch":"burn"}]}}}}',
  '{"spec":{"template":{"spec":{"containers":[{"$patch":"replace"}]}}}}',
  '{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"x"}],"containers":[{"name":"c","image":"y"}]}}}}',
  '{"spec":{"template":{"spec":{"$setElementOrder/containers":7,"containers":[{"name":"c","image":"y"}]}}}}',
  '{"spec":{"strategy":{"$retainKeys":7,"type":"Recreate"}}}',
  '{"spec":{"strategy":{"$patch":7}}}',
  '{"spec":{"replicas":-1}}',
  '{"spec":{"replicas":"many"}}',
  '{"spec":{"selector":{"matchLabels":{"other":"one"}}}}',
  '{"spec":7}',
  "[",
];

/** Of an object that is there: what a patch breaks, none of it may stay. */
function patches(): FuzzRequest[] {
  const there = `${configMapsPath}/there`;
  const deployed = `${deploymentsPath}/there`;
  return [
    ...jsonPatches.map((text) => patchOf(`JSON patch ${text}`, there, json, text)),
    ...mergePatches.map((text) => patchOf(`merge patch ${text.slice(0, 60)}`, there, merge, text)),
    ...strategicPatches.map((text) => ({
      ...patchOf(`strategic patch ${text}`, deployed, strategic, text),
      really500: true,
    })),
    ...["text/plain", "application/json", "", "application/json-patch", ";;;"].map((type) =>
      patchOf(`patch as ${type}`, there, type, "{}"),
    ),
  ];
}

function paths(): FuzzRequest[] {
  const bad = [
    "/api/v1/namespaces/%zz/configmaps",
    "/api/v1/namespaces/fuzz/configmaps/%",
    "/api/v1/namespaces/fuzz/configmaps/a/b/c/d/e",
    "/api/v1/__proto__",
    "/api/v1/constructor",
    "/apis/__proto__/v1/x",
    "/apis/apps/constructor/deployments",
    "/api/v1/namespaces/fuzz/pods/there/__proto__",
    `/${"x".repeat(10_000)}`,
    "/api/v1/namespaces/fuzz/secrets/%2e%2e%2f%2e%2e",
  ];
  return [
    ...bad.map((path) => ({ title: `path ${path.slice(0, 60)}`, method: "GET", path, plain: true })),
    ...["BREW", "TRACE", "PROPFIND"].map((method) => ({ title: method, method, path: configMapsPath, plain: true })),
    { title: "an Accept that nobody has", method: "GET", path: configMapsPath, accept: "image/png" },
    {
      title: "POST without a type of its body",
      method: "POST",
      path: podsPath,
      contentType: "text/plain",
      body: Buffer.from("{}"),
    },
    jsonPost("a body that is too large", configMapsPath, `{"data":{"x":"${"x".repeat(4_000_000)}"}}`),
  ];
}
