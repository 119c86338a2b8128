import type { KubeObject } from "../object.ts";
import type { Store } from "../store/store.ts";
import { allowed, denied, requiredValue } from "./access.ts";
import type { Access, Decision } from "./auth.ts";
import { nodeRules } from "./bootstrap-policy.ts";
import { findObject, type KnownResource, known } from "./known-resources.ts";
import { type NodeGraph, type ReferencedResource, usesClaimOf } from "./node-graph.ts";
import { allowsAccess } from "./policy-rule.ts";

// The rules of plugin/pkg/auth/authorizer/node/node_authorizer.go of 1.36 with its default features, and its words.

const deny = (reason: string): Decision => ({ allowed: false, reason });

/** Decides about one resource; `node` is the name of the one who asks. */
type NodeRule = (node: string, access: Access) => Decision;

const leaseNamespace = "kube-node-lease";
const ownVerbs = ["get", "create", "update", "patch", "delete"];

function nodeNameIn(object: KubeObject | undefined): string | undefined {
  return (object?.["spec"] as { nodeName?: string } | undefined)?.nodeName;
}

/** What a node must have to do with an object before it may touch it. */
type Relation = (node: string, access: Access) => boolean;

function related(relation: Relation): NodeRule {
  return (node, access) => {
    if (access.name === "") return deny("No Object name found");
    if (relation(node, access)) return allowed;
    return deny(`no relationship found between node '${node}' and this object`);
  };
}

function getOnly(relation: Relation): NodeRule {
  const rule = related(relation);
  return (node, access) => {
    if (access.verb !== "get") return deny("can only get individual resources of this type");
    if (access.subresource !== "") return deny("cannot get subresource");
    return rule(node, access);
  };
}

/** get, list and watch, each of a single object. */
function readOnly(relation: Relation): NodeRule {
  const rule = related(relation);
  return (node, access) => {
    if (!["get", "list", "watch"].includes(access.verb)) return deny("can only read resources of this type");
    if (access.subresource !== "") return deny("cannot read subresource");
    if (access.namespace === "") return deny("can only read namespaced object of this type");
    return rule(node, access);
  };
}

function claimRule(relation: Relation): NodeRule {
  const get = getOnly(relation);
  const rule = related(relation);
  return (node, access) => {
    if (access.subresource !== "status") return get(node, access);
    if (access.verb !== "update" && access.verb !== "patch") return deny("can only get/update/patch this type");
    return rule(node, access);
  };
}

function serviceAccountRule(relation: Relation): NodeRule {
  const read = readOnly(relation);
  const rule = related(relation);
  return (node, access) => {
    const { verb, subresource, name } = access;
    if (verb === "get" && subresource === "") return read(node, access);
    if (verb !== "create" || name === "") return deny("can only create tokens for individual service accounts");
    if (subresource !== "token") return deny("can only create token subresource of serviceaccount");
    return rule(node, access);
  };
}

function leaseRule(node: string, { verb, namespace, name }: Access): Decision {
  if (!ownVerbs.includes(verb)) return deny("can only get, create, update, patch, or delete a node lease");
  if (namespace !== leaseNamespace) return deny(`can only access leases in the "${leaseNamespace}" system namespace`);
  // The name is not known yet when one is created: NodeRestriction looks at it.
  if (verb !== "create" && name !== node) {
    return deny("can only access node lease with the same name as the requesting node");
  }
  return allowed;
}

function csiNodeRule(node: string, { verb, subresource, name }: Access): Decision {
  if (!ownVerbs.includes(verb)) return deny("can only get, create, update, patch, or delete a CSINode");
  if (subresource !== "") return deny("cannot authorize CSINode subresources");
  if (verb !== "create" && name !== node)
    return deny("can only access CSINode with the same name as the requesting node");
  return allowed;
}

function resourceSliceRule(relation: Relation): NodeRule {
  const rule = related(relation);
  return (node, access) => {
    if (access.subresource !== "") return deny("cannot authorize ResourceSlice subresources");
    switch (access.verb) {
      case "create":
        return allowed;
      case "get":
      case "update":
      case "patch":
      case "delete":
        return rule(node, access);
      default:
        if (requiredValue(access.fieldSelector, "spec.nodeName") === node) return allowed;
        return deny("can only list/watch/deletecollection resourceslices with nodeName field selector");
    }
  };
}

function nodeRule(node: string, { verb, subresource, name }: Access): Decision {
  // Which node is written is for NodeRestriction to look at.
  if (subresource === "status") return verb === "update" || verb === "patch" ? allowed : denied;
  if (subresource !== "") return denied;
  switch (verb) {
    case "create":
    case "update":
    case "patch":
      return allowed;
    case "get":
    case "list":
    case "watch":
      if (name === node) return allowed;
      if (name === "") return deny(`node '${node}' cannot read all nodes, only its own Node object`);
      return deny(`node '${node}' cannot read '${name}', only its own Node object`);
    default:
      return denied;
  }
}

function podRule(relation: Relation): NodeRule {
  const get = getOnly(relation);
  const rule = related(relation);
  return (node, access) => {
    const { verb, subresource, name, fieldSelector } = access;
    // Which pod is written is for NodeRestriction to look at.
    if (subresource === "status") return verb === "update" || verb === "patch" ? allowed : denied;
    if (subresource === "eviction") return verb === "create" ? allowed : denied;
    if (subresource !== "") return denied;
    switch (verb) {
      case "get":
        return get(node, access);
      case "list":
      case "watch":
        if (requiredValue(fieldSelector, "spec.nodeName") === node) return allowed;
        if (name !== "") return rule(node, access);
        return deny("can only list/watch pods with spec.nodeName field selector");
      case "create":
      case "delete":
        return allowed;
      default:
        return denied;
    }
  };
}

/** Rules by "resource" or "resource.group"; what is not among them is left to the rules that all nodes share. */
function createRules(store: Store, graph: NodeGraph): ReadonlyMap<string, NodeRule> {
  const referred =
    (resource: ReferencedResource): Relation =>
    (node, { namespace, name }) =>
      graph.refers(node, resource, namespace, name);
  /** Objects that say themselves which node they belong to. */
  const ofNode =
    (resource: KnownResource): Relation =>
    (node, { namespace, name }) =>
      nodeNameIn(findObject(store, known[resource], namespace, name)) === node;
  const usesVolume: Relation = (node, { name }) =>
    usesClaimOf(findObject(store, known.persistentvolumes, "", name), (namespace, claim) =>
      graph.refers(node, "persistentvolumeclaims", namespace, claim),
    );
  return new Map<string, NodeRule>([
    ["secrets", readOnly(referred("secrets"))],
    ["configmaps", readOnly(referred("configmaps"))],
    ["persistentvolumeclaims", claimRule(referred("persistentvolumeclaims"))],
    ["persistentvolumes", getOnly(usesVolume)],
    ["resourceclaims.resource.k8s.io", getOnly(referred("resourceclaims"))],
    ["volumeattachments.storage.k8s.io", getOnly(ofNode("volumeattachments"))],
    ["serviceaccounts", serviceAccountRule(referred("serviceaccounts"))],
    ["leases.coordination.k8s.io", leaseRule],
    ["csinodes.storage.k8s.io", csiNodeRule],
    ["resourceslices.resource.k8s.io", resourceSliceRule(ofNode("resourceslices"))],
    ["nodes", nodeRule],
    ["pods", podRule(ofNode("pods"))],
  ]);
}

/** Says what a node may do with resources, by name of the node. */
export type NodeAuthorizer = (node: string, access: Access) => Decision;

export function createNodeAuthorizer(store: Store, graph: NodeGraph): NodeAuthorizer {
  const rules = createRules(store, graph);
  return (node, access) => {
    if (node === "") return deny(`unknown node for user ${JSON.stringify(access.user.name)}`);
    const { group, resource } = access;
    const rule = rules.get(group === "" ? resource : `${resource}.${group}`);
    if (rule !== undefined) return rule(node, access);
    return nodeRules.some((shared) => allowsAccess(shared, access)) ? allowed : denied;
  };
}
