import type { UserInfo } from "../request-info.ts";
import type { Store } from "../store/store.ts";
import { accessOf, allowed, denied } from "./access.ts";
import type { Access, AccessAuthorizer, Decision } from "./auth.ts";
import { groupRules } from "./bootstrap-policy.ts";
import { createNodeAuthorizer, type NodeAuthorizer } from "./node-authorizer.ts";
import { createNodeGraph } from "./node-graph.ts";
import { nodeNameOf } from "./node-identity.ts";
import { allowsAccess, allowsPath, type PolicyRule } from "./policy-rule.ts";
import { createGrants, type Grants } from "./rbac-grants.ts";

export interface AuthorizerOptions {
  readonly store: Store;
  /** Users that may do everything, without any of the privileges of system:masters. Default none. */
  readonly adminUsers?: readonly string[];
  /** Groups of such users. Default none. */
  readonly adminGroups?: readonly string[];
}

type RuleTest = (rule: PolicyRule) => boolean;

function isAdmin({ name, groups }: UserInfo, users: ReadonlySet<string>, admins: ReadonlySet<string>): boolean {
  return users.has(name) || groups.some((group) => admins.has(group));
}

/** Rules that a user's groups have from the start. */
function bootstrapAllows({ groups }: UserInfo, test: RuleTest): boolean {
  return groups.some((group) => groupRules[group]?.some(test));
}

/** As plugin/pkg/auth/authorizer/rbac: problems are told only if no rule allows. */
function grantsAllow(grants: Grants, user: UserInfo, namespace: string, test: RuleTest): Decision {
  const problems: string[] = [];
  for (const grant of grants.of(user)) {
    if (grant.namespace !== "" && grant.namespace !== namespace) continue;
    if (grant.rules.some(test)) return allowed;
    if (grant.problem !== "") problems.push(grant.problem);
  }
  if (problems.length === 0) return denied;
  return { allowed: false, reason: `RBAC: ${problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`}` };
}

function both(node: Decision, rbac: Decision): Decision {
  if (node.allowed || node.reason === "") return rbac;
  if (rbac.allowed || rbac.reason === "") return rbac.allowed ? rbac : node;
  return { allowed: false, reason: `${node.reason}\n${rbac.reason}` };
}

/**
 * The real server's `--authorization-mode=Node,RBAC`: whoever allows first decides, and if nobody does, the reasons are
 * told one after the other (apiserver/pkg/authorization/union). Users and groups of the options come before both.
 */
export function createAuthorizer(options: AuthorizerOptions): AccessAuthorizer {
  const adminUsers = new Set(options.adminUsers);
  const adminGroups = new Set(options.adminGroups).add("system:masters");
  const grants = createGrants(options.store);
  const ofNode: NodeAuthorizer = createNodeAuthorizer(options.store, createNodeGraph(options.store));

  function authorizeAccess(access: Access): Decision {
    const { user, namespace } = access;
    if (isAdmin(user, adminUsers, adminGroups)) return allowed;
    const node = nodeNameOf(user);
    const first = node === undefined ? denied : ofNode(node, access);
    if (first.allowed) return first;
    const test: RuleTest = (rule) => allowsAccess(rule, access);
    if (bootstrapAllows(user, test)) return allowed;
    return both(first, grantsAllow(grants, user, namespace, test));
  }

  return {
    authorizeAccess,
    authorize: (request) => authorizeAccess(accessOf(request)),
    authorizePath({ user, verb, path }) {
      if (isAdmin(user, adminUsers, adminGroups)) return allowed;
      const test: RuleTest = (rule) => allowsPath(rule, verb, path);
      return bootstrapAllows(user, test) ? allowed : grantsAllow(grants, user, "", test);
    },
  };
}
