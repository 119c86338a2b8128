import type { ConformanceCase, RequestStep } from "../harness/conformance-case.ts";
import { configMap, configMaps, deployment, deployments, noUid, pod, pods } from "./objects.ts";

const strategic = "application/strategic-merge-patch+json";
const merge = "application/merge-patch+json";
const json = "application/json-patch+json";

const patch = (path: string, contentType: string, body: unknown): RequestStep => ({
  method: "PATCH",
  path,
  contentType,
  body,
});

const aConfigMap: RequestStep = { path: configMaps, body: configMap("a", { k: "1", l: "2" }), silent: true };
const aPod: RequestStep = {
  path: pods,
  body: pod("p", {
    containers: [
      { name: "c", image: "app:1" },
      { name: "d", image: "side:1" },
    ],
  }),
  silent: true,
};
const aDeployment: RequestStep = { path: deployments, body: deployment("d"), silent: true };

export const patchCases: readonly ConformanceCase[] = [
  {
    name: "merge patch: sets, removes, replaces lists",
    steps: [
      aConfigMap,
      patch(`${configMaps}/a`, merge, { data: { k: null, m: "3" }, metadata: { labels: { x: "y" } } }),
      patch(`${configMaps}/a`, merge, { metadata: { finalizers: ["example.com/a"] } }),
      patch(`${configMaps}/a`, merge, { metadata: { finalizers: ["example.com/b"] } }),
      patch(`${configMaps}/a`, merge, { metadata: { finalizers: null }, data: null }),
    ],
  },
  {
    name: "merge patch: that changes nothing",
    steps: [
      { path: configMaps, body: configMap("a") },
      patch(`${configMaps}/a`, merge, {}),
      patch(`${configMaps}/a`, merge, { data: { a: "1" } }),
    ],
  },
  {
    name: "merge patch: preconditions by resourceVersion and uid",
    steps: [
      { path: configMaps, body: configMap("a"), save: { rv: "metadata.resourceVersion", uid: "metadata.uid" } },
      patch(`${configMaps}/a`, merge, { metadata: { resourceVersion: "1" }, data: { b: "2" } }),
      patch(`${configMaps}/a`, merge, { metadata: { uid: noUid }, data: { b: "2" } }),
      patch(`${configMaps}/a`, merge, { metadata: { resourceVersion: "{rv}", uid: "{uid}" }, data: { b: "2" } }),
    ],
  },
  {
    name: "merge patch: names and kinds cannot be patched",
    steps: [
      aConfigMap,
      patch(`${configMaps}/a`, merge, { metadata: { name: "b" } }),
      patch(`${configMaps}/a`, merge, { metadata: { namespace: "default" } }),
      patch(`${configMaps}/a`, merge, { kind: "Secret" }),
      patch(`${configMaps}/a`, merge, { apiVersion: "v2" }),
      patch(`${configMaps}/a`, merge, { metadata: { creationTimestamp: "2001-01-01T00:00:00Z", generation: 8 } }),
    ],
  },
  {
    name: "merge patch: of what is not there",
    steps: [patch(`${configMaps}/none`, merge, { data: { k: "v" } }), patch(`${deployments}/none`, strategic, {})],
  },
  {
    name: "merge patch: bodies that are none",
    steps: [
      aConfigMap,
      { method: "PATCH", path: `${configMaps}/a`, contentType: merge, raw: "{" },
      { method: "PATCH", path: `${configMaps}/a`, contentType: merge, raw: "[]" },
      { method: "PATCH", path: `${configMaps}/a`, contentType: merge, raw: '"text"' },
      { method: "PATCH", path: `${configMaps}/a`, contentType: merge, raw: "" },
      patch(`${configMaps}/a`, merge, { data: "text" }),
      patch(`${configMaps}/a`, merge, { data: { k: 7 } }),
    ],
  },
  {
    name: "merge patch: what the result would break is refused",
    steps: [
      aDeployment,
      patch(`${deployments}/d`, merge, { spec: { replicas: -1 } }),
      patch(`${deployments}/d`, merge, { spec: { template: { spec: { containers: [] } } } }),
      patch(`${deployments}/d`, merge, { metadata: { labels: { "bad key": "v" } } }),
      { path: `${deployments}/d` },
    ],
  },
  {
    name: "strategic patch: containers are merged by name",
    steps: [
      aDeployment,
      patch(`${deployments}/d`, strategic, {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: "c",
                  env: [
                    { name: "A", value: "1" },
                    { name: "B", value: "2" },
                  ],
                },
                { name: "side", image: "side:1" },
              ],
            },
          },
        },
      }),
      patch(`${deployments}/d`, strategic, {
        spec: { template: { spec: { containers: [{ name: "c", env: [{ name: "A", value: "9" }] }] } } },
      }),
    ],
  },
  {
    name: "strategic patch: $patch delete and replace, $retainKeys",
    steps: [
      aDeployment,
      patch(`${deployments}/d`, strategic, {
        spec: { template: { spec: { containers: [{ name: "side", image: "side:1" }] } } },
      }),
      patch(`${deployments}/d`, strategic, {
        spec: { template: { spec: { containers: [{ name: "side", $patch: "delete" }] } } },
      }),
      patch(`${deployments}/d`, strategic, {
        spec: { template: { spec: { containers: [{ $patch: "replace" }, { name: "only", image: "only:1" }] } } },
      }),
      patch(`${deployments}/d`, strategic, { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } }),
    ],
  },
  {
    name: "strategic patch: $setElementOrder and lists of plain values",
    steps: [
      aDeployment,
      patch(`${deployments}/d`, strategic, {
        spec: {
          template: {
            spec: {
              "$setElementOrder/containers": [{ name: "new" }, { name: "c" }],
              containers: [{ name: "new", image: "new:1" }],
            },
          },
        },
      }),
      patch(`${deployments}/d`, strategic, { metadata: { finalizers: ["example.com/a"] } }),
      patch(`${deployments}/d`, strategic, { metadata: { finalizers: ["example.com/b"] } }),
      patch(`${deployments}/d`, strategic, { metadata: { "$deleteFromPrimitiveList/finalizers": ["example.com/a"] } }),
    ],
  },
  {
    name: "strategic patch: directives that are wrong",
    steps: [
      aDeployment,
      patch(`${deployments}/d`, strategic, { spec: { template: { spec: { containers: [{ image: "no-name" }] } } } }),
      patch(`${deployments}/d`, strategic, { spec: { template: { spec: { containers: { name: "c" } } } } }),
      patch(`${deployments}/d`, strategic, { spec: { strategy: { $patch: "burn" } } }),
      patch(`${deployments}/d`, strategic, {
        spec: { template: { spec: { containers: [{ name: "c", $patch: "burn" }] } } },
      }),
      patch(`${deployments}/d`, strategic, { spec: { strategy: { $retainKeys: ["other"], type: "Recreate" } } }),
    ],
  },
  {
    name: "strategic patch: a kubelet's status of a pod",
    steps: [
      { path: pods, body: pod("p", { nodeName: "{ns}-n1" }), save: { uid: "metadata.uid" } },
      patch(`${pods}/p/status`, strategic, {
        metadata: { uid: "{uid}" },
        status: {
          "$setElementOrder/conditions": [{ type: "Ready" }, { type: "PodScheduled" }],
          conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2020-01-01T00:00:00Z" }],
          phase: "Running",
          hostIP: "127.0.0.5",
          podIP: "10.128.0.7",
          podIPs: [{ ip: "10.128.0.7" }],
          startTime: "2020-01-01T00:00:00Z",
          containerStatuses: [
            {
              name: "c",
              image: "app:1",
              imageID: "app@sha256:0",
              ready: true,
              started: true,
              restartCount: 0,
              state: { running: { startedAt: "2020-01-01T00:00:00Z" } },
              lastState: {},
            },
          ],
        },
      }),
      patch(`${pods}/p/status`, strategic, { metadata: { uid: noUid }, status: { phase: "Failed" } }),
      patch(`${pods}/p/status`, strategic, {
        status: { conditions: [{ type: "Ready", $patch: "delete" }], reason: "Tested" },
      }),
    ],
  },
  {
    name: "strategic patch: taints of a node by key, and addresses by type",
    steps: [
      { path: "/api/v1/nodes", body: { apiVersion: "v1", kind: "Node", metadata: { name: "{ns}-n" } }, silent: true },
      patch("/api/v1/nodes/{ns}-n", strategic, { spec: { taints: [{ key: "a", effect: "NoSchedule" }] } }),
      patch("/api/v1/nodes/{ns}-n", strategic, { spec: { taints: [{ key: "b", effect: "NoExecute" }] } }),
      patch("/api/v1/nodes/{ns}-n/status", strategic, {
        status: { addresses: [{ type: "InternalIP", address: "127.0.0.9" }], capacity: { pods: "110" } },
      }),
      patch("/api/v1/nodes/{ns}-n/status", strategic, {
        status: { addresses: [{ type: "Hostname", address: "n" }], capacity: { cpu: "4", memory: "8Gi" } },
      }),
      { method: "DELETE", path: "/api/v1/nodes/{ns}-n", silent: true },
    ],
  },
  {
    name: "JSON patch: add, replace, remove, move, copy, test",
    steps: [
      aConfigMap,
      patch(`${configMaps}/a`, json, [
        { op: "test", path: "/data/k", value: "1" },
        { op: "add", path: "/data/m", value: "3" },
        { op: "replace", path: "/data/l", value: "two" },
        { op: "copy", from: "/data/m", path: "/data/n" },
        { op: "move", from: "/data/k", path: "/data/o" },
        { op: "remove", path: "/data/m" },
        { op: "add", path: "/metadata/labels", value: { x: "y" } },
        { op: "add", path: "/metadata/annotations", value: { "example.com/a": "1" } },
        { op: "replace", path: "/metadata/annotations/example.com~1a", value: "2" },
      ]),
      { path: `${configMaps}/a` },
    ],
  },
  {
    name: "JSON patch: operations that fail",
    steps: [
      aConfigMap,
      patch(`${configMaps}/a`, json, [{ op: "test", path: "/data/k", value: "other" }]),
      patch(`${configMaps}/a`, json, [{ op: "remove", path: "/data/none" }]),
      patch(`${configMaps}/a`, json, [{ op: "replace", path: "/data/none", value: "v" }]),
      patch(`${configMaps}/a`, json, [{ op: "add", path: "/none/deep", value: "v" }]),
      patch(`${configMaps}/a`, json, [{ op: "burn", path: "/data/k" }]),
      patch(`${configMaps}/a`, json, { op: "add" }),
      { method: "PATCH", path: `${configMaps}/a`, contentType: json, raw: "[" },
    ],
  },
  {
    name: "JSON patch: elements of lists",
    steps: [
      aDeployment,
      patch(`${deployments}/d`, json, [
        { op: "add", path: "/spec/template/spec/containers/-", value: { name: "z", image: "z:1" } },
        { op: "add", path: "/spec/template/spec/containers/0", value: { name: "y", image: "y:1" } },
        { op: "remove", path: "/spec/template/spec/containers/1" },
      ]),
      patch(`${deployments}/d`, json, [{ op: "remove", path: "/spec/template/spec/containers/9" }]),
    ],
  },
  {
    name: "patch: media types",
    steps: [
      aConfigMap,
      patch(`${configMaps}/a`, "application/json", { data: { k: "v" } }),
      patch(`${configMaps}/a`, "text/plain", { data: { k: "v" } }),
      patch(`${configMaps}/a`, "", { data: { k: "v" } }),
      patch(`${configMaps}/a`, "application/merge-patch+json; charset=utf-8", { data: { k: "w" } }),
    ],
  },
  {
    name: "patch: server-side apply",
    encodings: ["json"],
    steps: [patch(`${configMaps}/applied?fieldManager=test`, "application/apply-patch+yaml", configMap("applied"))],
  },
  {
    name: "patch: fieldValidation",
    encodings: ["json"],
    steps: [
      aConfigMap,
      aPod,
      patch(`${configMaps}/a?fieldValidation=Strict`, merge, { colour: "red" }),
      patch(`${configMaps}/a`, merge, { colour: "red", data: { z: "1" } }),
      patch(`${pods}/p?fieldValidation=Strict`, strategic, { spec: { containers: [{ name: "c", colour: "red" }] } }),
      patch(`${configMaps}/a?fieldValidation=Strict`, json, [{ op: "add", path: "/colour", value: "red" }]),
    ],
  },
];
