/**
 * The audit policy under which real kubelets were measured: metadata of every request, and the bodies of what nodes
 * write (kubelet-audit §0).
 */
export const auditPolicy: object = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    {
      level: "RequestResponse",
      userGroups: ["system:nodes"],
      verbs: ["create", "update", "patch", "delete", "deletecollection"],
    },
    { level: "Metadata" },
  ],
};
