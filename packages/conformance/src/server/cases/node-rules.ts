import type { ConformanceCase, Identity, RequestStep } from "../harness/conformance-case.ts";
import { claims, core, node, nodes, noUid, object, pod, pods, serviceAccounts } from "./objects.ts";

const self: Identity = "node:{ns}-n1";
const csiNodes = "/apis/storage.k8s.io/v1/csinodes";
const slices = "/apis/resource.k8s.io/v1/resourceslices";
const volumes = "/api/v1/persistentvolumes";
const tokens = `${serviceAccounts}/default/token`;

const self1: RequestStep = {
  path: nodes,
  body: node("{ns}-n1"),
  as: self,
  silent: true,
  save: { node: "metadata.uid" },
};
const removeSelf: RequestStep = { method: "DELETE", path: `${nodes}/{ns}-n1`, silent: true };

function boundPod(name: string, nodeName: string, spec: object = {}): RequestStep {
  return { path: pods, body: pod(name, { nodeName, ...spec }), silent: true, save: { [name]: "metadata.uid" } };
}

/** Until the authorizer of the real server has seen what was bound. */
const seen: RequestStep = { path: `${pods}/p`, as: self, until: 200, silent: true };

function eviction(name: string, more: Readonly<Record<string, unknown>> = {}): object {
  return object("policy/v1", "Eviction", name, more);
}

function tokenRequest(spec: object): object {
  return { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec };
}

function mirror(name: string, spec: object, owner: object = {}): object {
  const reference = { apiVersion: "v1", kind: "Node", name: "{ns}-n1", uid: "{node}", controller: true, ...owner };
  const meta = { annotations: { "kubernetes.io/config.mirror": "x" }, ownerReferences: [reference] };
  return pod(name, { nodeName: "{ns}-n1", ...spec }, meta);
}

const ask = (body: object): RequestStep => ({ path: tokens, body, as: self });
const kindOf = (body: unknown): unknown => (body as { kind?: unknown }).kind;

/** A refusal up to the difference of two objects that the real server prints. */
function withoutDifference(body: unknown): unknown {
  const { message = "", ...rest } = body as { message?: string };
  return { ...rest, message: message.replace(/(status\.conditions).*/s, "$1") };
}

/** What the Node authorizer and NodeRestriction say where the cases of identity do not go. */
export const nodeRuleCases: readonly ConformanceCase[] = [
  {
    name: "node rules: evicts its own pods only",
    steps: [
      self1,
      boundPod("p", "{ns}-n1"),
      boundPod("q", "{ns}-n2"),
      { path: `${pods}/q/eviction`, body: eviction("q"), as: self },
      { path: `${pods}/none/eviction`, body: eviction("none"), as: self },
      {
        path: `${pods}/p/eviction`,
        body: eviction("p", { deleteOptions: { gracePeriodSeconds: 0 } }),
        as: self,
        until: 201,
      },
      {
        path: `${pods}/p/binding`,
        body: object("v1", "Binding", "p", { target: { kind: "Node", name: "{ns}-n1" } }),
        as: self,
      },
      removeSelf,
    ],
  },
  {
    name: "node rules: its own CSINode only",
    steps: [
      { path: csiNodes, body: object("storage.k8s.io/v1", "CSINode", "{ns}-n1", { spec: { drivers: [] } }), as: self },
      { path: `${csiNodes}/{ns}-n1`, as: self },
      { path: csiNodes, body: object("storage.k8s.io/v1", "CSINode", "{ns}-n2", { spec: { drivers: [] } }), as: self },
      { path: `${csiNodes}/{ns}-n2`, as: self },
      { path: csiNodes, as: self },
      { method: "DELETE", path: `${csiNodes}/{ns}-n1`, silent: true },
    ],
  },
  {
    name: "node rules: resource slices by its own name",
    encodings: ["json"],
    steps: [
      { path: slices, as: self },
      { path: `${slices}?fieldSelector=spec.nodeName%3D{ns}-n1`, as: self, view: kindOf },
      { path: `${slices}/x`, as: self },
      { method: "DELETE", path: slices, as: self },
      { method: "DELETE", path: `${slices}?fieldSelector=spec.nodeName%3D{ns}-n1`, as: self, view: kindOf },
    ],
  },
  {
    name: "node rules: what a token is asked for and bound to",
    encodings: ["json"],
    steps: [
      self1,
      boundPod("p", "{ns}-n1", {
        volumes: [{ name: "t", projected: { sources: [{ serviceAccountToken: { path: "t", audience: "vault" } }] } }],
      }),
      boundPod("q", "{ns}-n2"),
      seen,
      ...[
        { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "p", uid: "{p}" }, audiences: ["vault"] },
        { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "p", uid: "{p}" }, audiences: ["other"] },
        { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "p", uid: "{p}" }, audiences: ["a", "b"] },
        { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "p", uid: noUid } },
        { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "p" } },
        { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "q", uid: "{q}" } },
        { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "none", uid: noUid } },
        { boundObjectRef: { apiVersion: "v1", kind: "Node", name: "{ns}-n1", uid: "{node}" } },
        { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "p", uid: "{p}" }, expirationSeconds: 10 },
      ].map((spec) => ask(tokenRequest(spec))),
      { path: `${serviceAccounts}/other/token`, body: tokenRequest({}), as: self },
      { path: `${serviceAccounts}/default`, as: self, view: kindOf },
      { path: `${serviceAccounts}/other`, as: self },
      { path: serviceAccounts, as: self },
      removeSelf,
    ],
  },
  {
    name: "node rules: claims of its pods, and their status",
    encodings: ["json"],
    steps: [
      self1,
      ...["used", "unused"].map((name) => ({
        path: claims,
        body: object("v1", "PersistentVolumeClaim", name, {
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        }),
        silent: true,
      })),
      boundPod("p", "{ns}-n1", { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "used" } }] }),
      seen,
      { path: `${claims}/used`, as: self, view: kindOf },
      { path: `${claims}/unused`, as: self },
      { path: claims, as: self },
      { path: `${volumes}/none`, as: self },
      {
        method: "PATCH",
        path: `${claims}/used/status`,
        body: { status: { capacity: { storage: "1Gi" } } },
        as: self,
        view: kindOf,
      },
      {
        method: "PATCH",
        path: `${claims}/used/status`,
        body: { metadata: { labels: { x: "y" } } },
        as: self,
        view: withoutDifference,
      },
      { method: "PATCH", path: `${claims}/unused/status`, body: { status: {} }, as: self },
      { method: "PATCH", path: `${claims}/used`, body: { metadata: { labels: { x: "y" } } }, as: self },
      removeSelf,
    ],
  },
  {
    name: "node rules: mirror pods that gain nothing",
    encodings: ["json"],
    steps: [
      self1,
      ...[
        mirror("a", { serviceAccountName: "default" }),
        mirror("b", { volumes: [{ name: "v", secret: { secretName: "s" } }] }),
        mirror("c", { volumes: [{ name: "v", configMap: { name: "c" } }] }),
        mirror("d", { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }] }),
        mirror("e", {}, { controller: false }),
        mirror("f", {}, { blockOwnerDeletion: true }),
        mirror("g", {}, { uid: noUid }),
        mirror("h", {}, { kind: "Pod" }),
      ].map((body) => ({ path: pods, body, as: self })),
      removeSelf,
    ],
  },
  {
    name: "node rules: events, services and what else all nodes may do",
    encodings: ["json"],
    steps: [
      {
        path: `${core}/events`,
        body: object("v1", "Event", "e", { involvedObject: { kind: "Pod", name: "p", namespace: "{ns}" } }),
        as: self,
        view: kindOf,
      },
      { method: "PATCH", path: `${core}/events/e`, body: { count: 2 }, as: self, view: kindOf },
      { path: `${core}/events/e`, as: self },
      { method: "DELETE", path: `${core}/events/e`, as: self },
      { path: "/apis/storage.k8s.io/v1/csidrivers", as: self, view: kindOf },
      { path: "/apis/node.k8s.io/v1/runtimeclasses", as: self, view: kindOf },
      { path: "/apis/storage.k8s.io/v1/volumeattachments/x", as: self },
      { path: `${core}/services`, as: self, view: kindOf },
      { method: "DELETE", path: `${core}/services/x`, as: self },
      { path: "/metrics", as: self },
    ],
  },
];
