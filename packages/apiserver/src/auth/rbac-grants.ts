import type { KubeObject } from "../object.ts";
import type { UserInfo } from "../request-info.ts";
import type { Store } from "../store/store.ts";
import { findObject, known, listObjects } from "./known-resources.ts";
import type { PolicyRule } from "./policy-rule.ts";
import { serviceAccountUserName } from "./service-account-user.ts";

/** What one binding gives to one of its subjects. */
export interface Grant {
  /** Where it holds; "" everywhere. */
  readonly namespace: string;
  readonly rules: readonly PolicyRule[];
  /** Why there are no rules; "" if there are. */
  readonly problem: string;
}

/** Grants from stored roles and bindings. */
export interface Grants {
  of(user: UserInfo): readonly Grant[];
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** ClusterRoleBinding and RoleBinding in their JSON form. */
interface Binding {
  readonly metadata: { readonly namespace?: string };
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly Subject[];
}

const userKey = (name: string): string => `User ${name}`;
const groupKey = (name: string): string => `Group ${name}`;

function subjectKey({ kind, name, namespace }: Subject, bindingNamespace: string): string | undefined {
  if (kind === "User") return userKey(name);
  if (kind === "Group") return groupKey(name);
  const home = namespace ?? bindingNamespace;
  return kind === "ServiceAccount" && home !== "" ? userKey(serviceAccountUserName(home, name)) : undefined;
}

function grantOf(store: Store, { metadata, roleRef }: Binding): Grant {
  const namespace = metadata.namespace ?? "";
  const isClusterRole = roleRef.kind === "ClusterRole";
  const role = isClusterRole
    ? findObject(store, known.clusterroles, "", roleRef.name)
    : findObject(store, known.roles, namespace, roleRef.name);
  const rules = (role?.["rules"] ?? []) as readonly PolicyRule[];
  const singular = isClusterRole ? "clusterrole" : "role";
  const problem = role === undefined ? `${singular}.rbac.authorization.k8s.io "${roleRef.name}" not found` : "";
  return { namespace, rules, problem };
}

function compile(store: Store): ReadonlyMap<string, readonly Grant[]> {
  const grants = new Map<string, Grant[]>();
  const bindings = [...listObjects(store, known.clusterrolebindings), ...listObjects(store, known.rolebindings)];
  for (const object of bindings) {
    const binding = object as KubeObject & Binding;
    const grant = grantOf(store, binding);
    for (const subject of binding.subjects ?? []) {
      const key = subjectKey(subject, grant.namespace);
      if (key === undefined) continue;
      const list = grants.get(key);
      if (list === undefined) grants.set(key, [grant]);
      else list.push(grant);
    }
  }
  return grants;
}

/**
 * Grants by subject (pkg/registry/rbac/validation/rule.go), made anew at the first question after a change: there are few
 * roles and they change rarely, while questions come with every request. Aggregated roles count as their stored rules.
 */
export function createGrants(store: Store): Grants {
  let compiled: ReadonlyMap<string, readonly Grant[]> | undefined;
  const forget = (): void => {
    compiled = undefined;
  };
  for (const resource of [known.clusterroles, known.roles, known.clusterrolebindings, known.rolebindings]) {
    if (resource !== undefined) store.watch(resource, store.revision, forget);
  }
  return {
    of({ name, groups }) {
      compiled ??= compile(store);
      const own = compiled.get(userKey(name)) ?? [];
      return [...own, ...groups.flatMap((group) => compiled?.get(groupKey(group)) ?? [])];
    },
  };
}
