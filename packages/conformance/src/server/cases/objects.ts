/** Paths of the case's own namespace. */
export const core = "/api/v1/namespaces/{ns}";
export const configMaps: string = `${core}/configmaps`;
export const pods: string = `${core}/pods`;
export const secrets: string = `${core}/secrets`;
export const events: string = `${core}/events`;
export const serviceAccounts: string = `${core}/serviceaccounts`;
export const services: string = `${core}/services`;
export const claims: string = `${core}/persistentvolumeclaims`;
export const deployments = "/apis/apps/v1/namespaces/{ns}/deployments";
export const replicaSets = "/apis/apps/v1/namespaces/{ns}/replicasets";
export const statefulSets = "/apis/apps/v1/namespaces/{ns}/statefulsets";
export const daemonSets = "/apis/apps/v1/namespaces/{ns}/daemonsets";
export const jobs = "/apis/batch/v1/namespaces/{ns}/jobs";
export const leases = "/apis/coordination.k8s.io/v1/namespaces/{ns}/leases";
export const budgets = "/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets";
export const nodes = "/api/v1/nodes";
export const namespaces = "/api/v1/namespaces";

/** A uid that no object has. */
export const noUid = "01234567-89ab-4cde-8f01-23456789abcd";

type Body = Readonly<Record<string, unknown>>;

export interface Meta {
  readonly [field: string]: unknown;
}

export function object(apiVersion: string, kind: string, name: string, rest: object = {}, meta: Meta = {}): Body {
  return { apiVersion, kind, metadata: { ...(name !== "" && { name }), ...meta }, ...rest };
}

export function configMap(name: string, data: Body = { a: "1" }, meta: Meta = {}): Body {
  return object("v1", "ConfigMap", name, { data }, meta);
}

export function labelled(name: string, labels: Readonly<Record<string, string>>): Body {
  return configMap(name, {}, { labels });
}

/** A pod of one container, for which no scheduler looks. */
export function pod(name: string, spec: Body = {}, meta: Meta = {}): Body {
  const containers = [{ name: "c", image: "app:1" }];
  return object("v1", "Pod", name, { spec: { containers, schedulerName: "nobody", ...spec } }, meta);
}

export function podTemplate(app: string, spec: Body = {}): Body {
  return { metadata: { labels: { app } }, spec: { containers: [{ name: "c", image: "app:1" }], ...spec } };
}

export function deployment(name: string, spec: Body = {}, meta: Meta = {}): Body {
  const selector = { matchLabels: { app: name } };
  return object("apps/v1", "Deployment", name, { spec: { selector, template: podTemplate(name), ...spec } }, meta);
}

export function lease(name: string, spec: Body = {}, meta: Meta = {}): Body {
  const all = { holderIdentity: name, leaseDurationSeconds: 40, ...spec };
  return object("coordination.k8s.io/v1", "Lease", name, { spec: all }, meta);
}

export function node(name: string, rest: Body = {}, meta: Meta = {}): Body {
  return object("v1", "Node", name, rest, meta);
}

export function deleteOptions(options: Body): Body {
  return { apiVersion: "v1", kind: "DeleteOptions", ...options };
}

export function binding(name: string, target: string): Body {
  return object("v1", "Binding", name, { target: { apiVersion: "v1", kind: "Node", name: target } });
}
