import type { ConformanceCase, Identity, RequestStep } from "../harness/conformance-case.ts";
import { configMap, configMaps, node, nodes, object, pod, pods, serviceAccounts } from "./objects.ts";

const rbac = "/apis/rbac.authorization.k8s.io/v1";
const roles = `${rbac}/namespaces/{ns}/roles`;
const roleBindings = `${rbac}/namespaces/{ns}/rolebindings`;
const reviews = "/apis/authorization.k8s.io/v1";

function role(name: string, ...rules: object[]): RequestStep {
  return { path: roles, body: object("rbac.authorization.k8s.io/v1", "Role", name, { rules }), silent: true };
}

function bind(name: string, subject: object, kind = "Role", roleName: string = name): RequestStep {
  const rest = {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: roleName },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", ...subject }],
  };
  return { path: roleBindings, body: object("rbac.authorization.k8s.io/v1", "RoleBinding", name, rest), silent: true };
}

/** Somebody who has never been anyone else. */
const boss: Identity = "user:boss-{ns},system:masters";
const user = (name: string): object => ({ kind: "User", name });
const kindOf = (body: unknown): unknown => (body as { kind?: unknown }).kind;
const statusOf = (body: unknown): unknown => (body as { status?: unknown }).status;
const isAllowed = (body: unknown): unknown => (statusOf(body) as { allowed?: unknown }).allowed;

function accessReview(kind: string, spec: object): object {
  return { apiVersion: "authorization.k8s.io/v1", kind, spec };
}

const listPods = { verb: "list", resource: "pods", namespace: "{ns}" };

/** Roles, reviews, impersonation in its modes, and how long a token lives. */
export const accessCases: readonly ConformanceCase[] = [
  {
    name: "access: a role of a namespace",
    encodings: ["json"],
    steps: [
      role(
        "r",
        { verbs: ["get", "list"], apiGroups: [""], resources: ["configmaps"] },
        { verbs: ["update"], apiGroups: [""], resources: ["configmaps"], resourceNames: ["a"] },
      ),
      bind("r", user("alice")),
      { path: configMaps, body: configMap("a"), silent: true },
      { path: configMaps, as: "user:alice", until: 200, view: kindOf },
      { path: `${configMaps}/a`, as: "user:alice", view: kindOf },
      { path: configMaps, as: "user:bob" },
      { path: "/api/v1/configmaps", as: "user:alice" },
      { path: `${configMaps}?watch=1`, as: "user:alice" },
      { method: "PUT", path: `${configMaps}/a`, body: configMap("a"), as: "user:alice", view: kindOf },
      { method: "PUT", path: `${configMaps}/b`, body: configMap("b"), as: "user:alice" },
      { method: "DELETE", path: configMaps, as: "user:alice" },
      { path: "/api/v1/namespaces/{ns}", as: "user:alice" },
    ],
  },
  {
    name: "access: groups, service accounts, and a role that is not there",
    encodings: ["json"],
    steps: [
      role("r", { verbs: ["*"], apiGroups: ["*"], resources: ["*"] }),
      bind("r", { kind: "Group", name: "devs-{ns}" }),
      bind("gone", user("bob-{ns}")),
      { path: pods, as: "user:alice,devs-{ns}", until: 200, view: kindOf },
      {
        path: pods,
        as: "user:bob-{ns}",
        view: (body) => (body as { message?: string }).message?.replace(/, clusterrole.*/s, ""),
      },
    ],
  },
  {
    name: "access: reviews of oneself and of others",
    encodings: ["json"],
    steps: [
      ...[
        { as: "user:nobody", spec: { resourceAttributes: listPods } } as const,
        { as: "user:root,system:masters", spec: { resourceAttributes: listPods } } as const,
        { as: "user:nobody", spec: { nonResourceAttributes: { path: "/version", verb: "get" } } } as const,
        { as: "user:nobody", spec: { nonResourceAttributes: { path: "/metrics", verb: "get" } } } as const,
        { as: "user:nobody", spec: {} } as const,
      ].map(({ as, spec }) => ({
        path: `${reviews}/selfsubjectaccessreviews`,
        body: accessReview("SelfSubjectAccessReview", spec),
        as,
        view: (body: unknown) => (kindOf(body) === "Status" ? body : isAllowed(body)),
      })),
      {
        path: `${reviews}/subjectaccessreviews`,
        body: accessReview("SubjectAccessReview", {
          user: "system:node:x",
          groups: ["system:nodes"],
          resourceAttributes: listPods,
        }),
        view: statusOf,
      },
      {
        path: `${reviews}/subjectaccessreviews`,
        body: accessReview("SubjectAccessReview", { user: "x", resourceAttributes: listPods }),
        as: "user:nobody",
      },
      {
        path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
        body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
        headers: {
          "impersonate-user": "alice",
          "impersonate-uid": "7",
          "impersonate-group": "devs",
          "impersonate-extra-scopes": "view",
        },
        view: statusOf,
      },
    ],
  },
  {
    name: "access: a token bound to a pod tells of it, and ends with it",
    encodings: ["json"],
    steps: [
      { path: nodes, body: node("{ns}-n1"), silent: true },
      { path: pods, body: pod("p", { nodeName: "{ns}-n1" }), save: { pod: "metadata.uid" }, silent: true },
      {
        path: `${serviceAccounts}/default/token`,
        body: {
          apiVersion: "authentication.k8s.io/v1",
          kind: "TokenRequest",
          spec: { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "p", uid: "{pod}" } },
        },
        save: { token: "status.token" },
        silent: true,
      },
      {
        path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
        body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
        as: "token:{token}",
        view: statusOf,
      },
      {
        path: "/apis/authentication.k8s.io/v1/tokenreviews",
        body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token: "{token}" } },
        view: statusOf,
      },
      {
        path: "/apis/authentication.k8s.io/v1/tokenreviews",
        body: {
          apiVersion: "authentication.k8s.io/v1",
          kind: "TokenReview",
          spec: { token: "{token}", audiences: ["vault"] },
        },
        view: (body) => (statusOf(body) as { authenticated?: boolean }).authenticated ?? false,
      },
      { method: "DELETE", path: `${pods}/p?gracePeriodSeconds=0`, silent: true },
      { path: configMaps, as: "token:{token}", until: 401 },
      { method: "DELETE", path: `${nodes}/{ns}-n1`, silent: true },
    ],
  },
  {
    name: "access: impersonation in its modes",
    encodings: ["json"],
    steps: [
      // Only the name of a node: its group comes by itself, until another mode was the last that worked.
      { path: nodes, as: boss, headers: { "impersonate-user": "system:node:x" } },
      { path: `${nodes}/y`, as: boss, headers: { "impersonate-user": "system:node:x" } },
      {
        path: pods,
        as: boss,
        headers: { "impersonate-user": "x", "impersonate-group": "system:masters" },
        view: kindOf,
      },
      { path: nodes, as: boss, headers: { "impersonate-user": "system:node:x" } },
      { path: pods, as: "user:nobody", headers: { "impersonate-user": "system:serviceaccount:{ns}:default" } },
      { path: pods, as: "user:nobody", headers: { "impersonate-user": "system:node:x" } },
      {
        path: pods,
        as: "user:nobody",
        headers: { "impersonate-user": "system:node:x", "impersonate-group": "system:nodes" },
      },
      { path: "/metrics", as: "user:nobody", headers: { "impersonate-user": "bob" } },
      { path: pods, headers: { "impersonate-user": "system:anonymous" } },
      { path: pods, headers: { "impersonate-uid": "7" } },
      { path: pods, headers: { "impersonate-extra-a%2Fb": "c" } },
      role("as", { verbs: ["impersonate"], apiGroups: [""], resources: ["serviceaccounts"] }),
      bind("as", user("sam-{ns}")),
      {
        path: pods,
        as: "user:sam-{ns}",
        headers: { "impersonate-user": "system:serviceaccount:{ns}:default" },
        // The first answers are those of a server that has not seen the role.
        view: (body) => kindOf(body),
      },
    ],
  },
];
