import type { Access } from "./auth.ts";

/** rbac.authorization.k8s.io/v1 PolicyRule in its JSON form. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  /** Empty or absent: any. */
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

function has(list: readonly string[] | undefined, value: string): boolean {
  return list?.some((entry) => entry === "*" || entry === value) ?? false;
}

function namesResource({ resources }: PolicyRule, { resource, subresource }: Access): boolean {
  if (subresource === "") return has(resources, resource);
  return has(resources, `${resource}/${subresource}`) || has(resources, `*/${subresource}`);
}

/** Whether a rule grants it (pkg/apis/rbac/v1/evaluation_helpers.go). */
export function allowsAccess(rule: PolicyRule, access: Access): boolean {
  if (!has(rule.verbs, access.verb) || !has(rule.apiGroups, access.group) || !namesResource(rule, access)) return false;
  const names = rule.resourceNames ?? [];
  return names.length === 0 || names.includes(access.name);
}

/** Paths may end in `*`, which stands for any rest. */
export function allowsPath(rule: PolicyRule, verb: string, path: string): boolean {
  if (!has(rule.verbs, verb)) return false;
  return (rule.nonResourceURLs ?? []).some(
    (url) => url === path || (url.endsWith("*") && path.startsWith(url.replace(/\*+$/, ""))),
  );
}
