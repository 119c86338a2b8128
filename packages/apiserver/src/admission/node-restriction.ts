import { isDeepStrictEqual } from "node:util";
import type { AccessAuthorizer } from "../auth/auth.ts";
import { nodeNameOf } from "../auth/node-identity.ts";
import type { KubeObject } from "../object.ts";
import type { Store } from "../store/store.ts";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import { refused, requestName } from "./admission-request.ts";
import { admitNode } from "./node-restriction-nodes.ts";
import { admitPod } from "./node-restriction-pods.ts";
import { admitToken } from "./node-restriction-tokens.ts";

// Rules and words of plugin/pkg/admission/noderestriction/admission.go. Not here: certificate signing requests and
// pod certificate requests of nodes.

/** Looks at one resource; `node` is the name of the one who asks. */
type NodeCheck = (request: AdmissionRequest, node: string, store: Store) => void;

const leaseNamespace = "kube-node-lease";

function admitLease(request: AdmissionRequest, node: string): void {
  if (request.info.namespace !== leaseNamespace) {
    throw refused(request, `can only access leases in the "${leaseNamespace}" system namespace`);
  }
  if (requestName(request) !== node) {
    throw refused(request, "can only access node lease with the same name as the requesting node");
  }
}

function admitCsiNode(request: AdmissionRequest, node: string): void {
  if (requestName(request) !== node) {
    throw refused(request, "can only access CSINode with the same name as the requesting node");
  }
}

function admitResourceSlice(request: AdmissionRequest, node: string): void {
  const { operation, object, old } = request;
  if (operation === "UPDATE") return;
  const slice = operation === "CREATE" ? object : old;
  if ((slice?.["spec"] as { nodeName?: string } | undefined)?.nodeName === node) return;
  const verb = operation === "CREATE" ? "create" : "delete";
  throw refused(request, `can only ${verb} ResourceSlice with the same NodeName as the requesting node`);
}

/** A claim without what a node may report about it, and without what any write changes. */
function restOfClaim(claim: KubeObject | undefined): object {
  const { metadata = {}, status, ...rest }: Partial<KubeObject> = claim ?? {};
  const { resourceVersion, managedFields, ...identity } = metadata;
  const { capacity, conditions, allocatedResources, allocatedResourceStatuses, ...kept } = (status ?? {}) as Record<
    string,
    unknown
  >;
  return { ...rest, metadata: identity, status: kept };
}

function admitClaim(request: AdmissionRequest, node: string): void {
  const { info, operation, object, old } = request;
  if (info.subresource !== "status") throw refused(request, "may only update PVC status");
  if (operation !== "UPDATE") throw refused(request, `unexpected operation "${operation}"`);
  if (isDeepStrictEqual(restOfClaim(object), restOfClaim(old))) return;
  const allowedFields = "status.quantity and status.conditions";
  throw refused(request, `node "${node}" is not allowed to update fields other than ${allowedFields}`);
}

/** Holds every node to itself and its pods. @param authorizer asked whether a node may have tokens for any audience */
export function nodeRestriction(authorizer: Pick<AccessAuthorizer, "authorizeAccess">): AdmissionPlugin {
  const checks: Readonly<Record<string, NodeCheck>> = {
    pods: admitPod,
    nodes: admitNode,
    persistentvolumeclaims: admitClaim,
    serviceaccounts: (request, node, store) => admitToken(request, node, store, authorizer),
    "leases.coordination.k8s.io": admitLease,
    "csinodes.storage.k8s.io": admitCsiNode,
    "resourceslices.resource.k8s.io": admitResourceSlice,
  };
  return {
    name: "NodeRestriction",
    mutate(request, store) {
      const { user, resource } = request.info;
      const node = nodeNameOf(user);
      if (node === undefined) return;
      if (node === "") throw refused(request, `could not determine node from user ${JSON.stringify(user.name)}`);
      const check = checks[resource.group === "" ? resource.resource : `${resource.resource}.${resource.group}`];
      check?.(request, node, store);
    },
  };
}
