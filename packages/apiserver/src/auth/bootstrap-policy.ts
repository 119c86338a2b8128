import type { PolicyRule } from "./policy-rule.ts";

// Facts from plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go, as far as this server has the resources.

const read = ["get", "list", "watch"];

function resourceRule(verbs: readonly string[], apiGroup: string, ...resources: string[]): PolicyRule {
  return { verbs, apiGroups: [apiGroup], resources };
}

function pathRule(...nonResourceURLs: string[]): PolicyRule {
  return { verbs: ["get"], nonResourceURLs };
}

/** What every node may do with resources that the Node authorizer does not look at more closely (NodeRules). */
export const nodeRules: readonly PolicyRule[] = [
  resourceRule(["create"], "authentication.k8s.io", "tokenreviews"),
  resourceRule(["create"], "authorization.k8s.io", "subjectaccessreviews", "localsubjectaccessreviews"),
  resourceRule(read, "", "services"),
  resourceRule(["create", "update", "patch"], "", "events"),
  resourceRule(["create", "update", "patch"], "events.k8s.io", "events"),
  resourceRule(["get"], "", "endpoints"),
  resourceRule(["create", ...read], "certificates.k8s.io", "certificatesigningrequests"),
  resourceRule(read, "storage.k8s.io", "csidrivers"),
  resourceRule(read, "node.k8s.io", "runtimeclasses"),
];

const health = ["/livez", "/readyz", "/healthz"];
const publicInfo = pathRule(...health, "/version", "/version/");

/**
 * What is granted before anyone has stored a role, by group: the roles cluster-admin, system:discovery, system:basic-user,
 * system:public-info-viewer, system:monitoring and system:service-account-issuer-discovery with their bindings.
 */
export const groupRules: Readonly<Record<string, readonly PolicyRule[]>> = {
  "system:masters": [
    { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
    { verbs: ["*"], nonResourceURLs: ["*"] },
  ],
  "system:authenticated": [
    publicInfo,
    pathRule("/openapi", "/openapi/*", "/api", "/api/*", "/apis", "/apis/*"),
    resourceRule(["create"], "authorization.k8s.io", "selfsubjectaccessreviews", "selfsubjectrulesreviews"),
    resourceRule(["create"], "authentication.k8s.io", "selfsubjectreviews"),
  ],
  "system:unauthenticated": [publicInfo],
  "system:monitoring": [
    pathRule("/metrics", "/metrics/slis", ...health, ...health.map((path) => `${path}/*`)),
    resourceRule(["get"], "", "nodes/metrics"),
  ],
  "system:serviceaccounts": [
    pathRule(
      "/.well-known/openid-configuration",
      "/.well-known/openid-configuration/",
      "/openid/v1/jwks",
      "/openid/v1/jwks/",
    ),
  ],
};
