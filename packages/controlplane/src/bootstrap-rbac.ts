import { createObject, type JsonApi } from "./json-api.ts";

/** The user that the load and the probes run as. */
export const driverUser = "hollow-driver";

const rbacGroup = "rbac.authorization.k8s.io";

/** Everything that workloads are made of, but no right to change rights or Priority & Fairness. */
const driverRules: readonly object[] = [
  {
    apiGroups: [
      "",
      "apiextensions.k8s.io",
      "apps",
      "autoscaling",
      "batch",
      "certificates.k8s.io",
      "coordination.k8s.io",
      "discovery.k8s.io",
      "events.k8s.io",
      "networking.k8s.io",
      "node.k8s.io",
      "policy",
      "resource.k8s.io",
      "scheduling.k8s.io",
      "storage.k8s.io",
    ],
    resources: ["*"],
    verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
  },
  { apiGroups: ["flowcontrol.apiserver.k8s.io", "metrics.k8s.io"], resources: ["*"], verbs: ["get", "list", "watch"] },
  // Hollow nodes that are impersonated speak over the driver's identity; RBAC cannot name users by prefix.
  { apiGroups: [""], resources: ["users"], verbs: ["impersonate"] },
  { apiGroups: [""], resources: ["groups"], resourceNames: ["system:nodes"], verbs: ["impersonate"] },
  { nonResourceURLs: ["/metrics", "/metrics/*", "/debug/api_priority_and_fairness/*"], verbs: ["get"] },
];

interface Subject {
  readonly kind: "User" | "Group";
  readonly name: string;
}

function clusterRoleBinding(name: string, role: string, subject: Subject): object {
  return {
    apiVersion: `${rbacGroup}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: role },
    subjects: [{ apiGroup: rbacGroup, ...subject }],
  };
}

/** Objects of the bootstrap with the paths that they are posted to. */
function bootstrapObjects(): readonly { readonly path: string; readonly object: object }[] {
  const roles = `/apis/${rbacGroup}/v1/clusterroles`;
  const bindings = `/apis/${rbacGroup}/v1/clusterrolebindings`;
  const bootstrappers: Subject = { kind: "Group", name: "system:bootstrappers" };
  const signing = "system:certificates.k8s.io:certificatesigningrequests";
  return [
    {
      path: roles,
      object: {
        apiVersion: `${rbacGroup}/v1`,
        kind: "ClusterRole",
        metadata: { name: driverUser },
        rules: driverRules,
      },
    },
    { path: bindings, object: clusterRoleBinding(driverUser, driverUser, { kind: "User", name: driverUser }) },
    // A kubelet with a bootstrap token may ask for its certificate and have it signed: kubeadm's three bindings.
    {
      path: bindings,
      object: clusterRoleBinding("hollow:kubelet-bootstrap", "system:node-bootstrapper", bootstrappers),
    },
    {
      path: bindings,
      object: clusterRoleBinding("hollow:node-autoapprove-bootstrap", `${signing}:nodeclient`, bootstrappers),
    },
    {
      path: bindings,
      object: clusterRoleBinding("hollow:node-autoapprove-certificate-rotation", `${signing}:selfnodeclient`, {
        kind: "Group",
        name: "system:nodes",
      }),
    },
    // The API server calls a node's endpoint under this name; what the endpoint asks back must be allowed.
    {
      path: bindings,
      object: clusterRoleBinding("hollow:apiserver-kubelet-client", "system:kubelet-api-admin", {
        kind: "User",
        name: "kube-apiserver-kubelet-client",
      }),
    },
  ];
}

/** Creates them with the rights of `api`. */
export async function bootstrapRbac(api: JsonApi): Promise<void> {
  await Promise.all(bootstrapObjects().map(({ path, object }) => createObject(api, path, object)));
}
