import { isDeepStrictEqual } from "node:util";
import { findObject, known } from "../auth/known-resources.ts";
import {
  configMapNames,
  isMirrorPod,
  mirrorAnnotation,
  type PodView,
  type PodVolume,
  podView,
  secretNames,
} from "../auth/pod-references.ts";
import type { KubeObject } from "../object.ts";
import type { Store } from "../store/store.ts";
import type { AdmissionRequest } from "./admission.ts";
import { missing, refused } from "./admission-request.ts";

function mustFindPod(request: AdmissionRequest, store: Store, name: string): PodView {
  const pod = findObject(store, known.pods, request.info.namespace, name);
  if (pod === undefined) throw missing("pod", name);
  return podView(pod);
}

/** Volumes whose contents come from the API, with the word for what they refer to (pkg/api/pod/util.go HasAPIObjectReference). */
const apiVolumes: Readonly<Record<string, string>> = {
  configMap: "configmaps (via configmap volumes)",
  secret: "secrets (via secret volumes)",
  csi: "csidrivers (via CSI volumes)",
  glusterfs: "endpoints (via glusterFS volumes)",
  persistentVolumeClaim: "persistentvolumeclaims",
  ephemeral: "persistentvolumeclaims (via ephemeral volumes)",
  azureFile: "secrets (via azureFile volumes)",
};
const apiProjections: Readonly<Record<string, string>> = {
  configMap: "configmaps (via projected volumes)",
  secret: "secrets (via projected volumes)",
  serviceAccountToken: "serviceaccounts (via projected volumes)",
  clusterTrustBundle: "clustertrustbundles",
  podCertificate: "podcertificates",
};

function firstWord(words: Readonly<Record<string, string>>, sources: object): string | undefined {
  return Object.entries(words).find(([member]) => member in sources)?.[1];
}

function volumeReference(volume: PodVolume): string | undefined {
  const inProjection = (volume.projected?.sources ?? []).map((source) => firstWord(apiProjections, source));
  return firstWord(apiVolumes, volume) ?? inProjection.find((word) => word !== undefined);
}

/** What of the API a pod refers to, undefined if nothing. */
function apiReference(pod: PodView): string | undefined {
  const { serviceAccountName = "", resourceClaims = [], volumes = [] } = pod.spec ?? {};
  if (serviceAccountName !== "") return "serviceaccounts";
  if (secretNames(pod).length > 0) return "secrets";
  if (configMapNames(pod).length > 0) return "configmaps";
  if (resourceClaims.length > 0) return "resourceclaims";
  return volumes.map(volumeReference).find((word) => word !== undefined);
}

function checkOwner(request: AdmissionRequest, node: string, store: Store, { metadata }: PodView): void {
  const can = `node "${node}" can only create pods with`;
  const owners = metadata.ownerReferences ?? [];
  const [owner] = owners;
  if (owners.length > 1) throw refused(request, `${can} a single owner reference set to itself`);
  if (owner?.apiVersion !== "v1" || owner.kind !== "Node" || owner.name !== node) {
    throw refused(request, `${can} an owner reference set to itself`);
  }
  if (owner.controller !== true) throw refused(request, `${can} a controller owner reference set to itself`);
  if (owner.blockOwnerDeletion === true) {
    throw refused(request, `node "${node}" must not set blockOwnerDeletion on an owner reference`);
  }
  const found = findObject(store, known.nodes, "", node);
  if (found === undefined) throw missing("node", node);
  const { uid } = found.metadata;
  if (owner.uid !== uid) throw refused(request, `node ${node} UID mismatch: expected ${owner.uid} got ${uid}`);
}

function admitCreate(request: AdmissionRequest, node: string, store: Store, pod: PodView): void {
  if (!isMirrorPod(pod)) {
    throw refused(
      request,
      `pod does not have "${mirrorAnnotation}" annotation, node "${node}" can only create mirror pods`,
    );
  }
  if (pod.spec?.nodeName !== node) {
    throw refused(request, `node "${node}" can only create pods with spec.nodeName set to itself`);
  }
  checkOwner(request, node, store, pod);
  const reference = apiReference(pod);
  if (reference !== undefined) throw refused(request, `node "${node}" can not create pods that reference ${reference}`);
}

function admitWhole(request: AdmissionRequest, node: string, store: Store): void {
  const { operation, object, info } = request;
  if (operation === "CREATE" && object !== undefined) {
    admitCreate(request, node, store, podView(object));
    return;
  }
  if (operation !== "DELETE") {
    const why = `unexpected operation "${operation}", node "${node}" can only create and delete mirror pods`;
    throw refused(request, why);
  }
  if (mustFindPod(request, store, info.name).spec?.nodeName !== node) {
    throw refused(request, `node "${node}" can only delete pods with spec.nodeName set to itself`);
  }
}

function statusOf(pod: KubeObject): NonNullable<PodView["status"]> {
  return podView(pod).status ?? {};
}

function admitStatus(request: AdmissionRequest, node: string): void {
  const { operation, object, old } = request;
  if (operation !== "UPDATE" || object === undefined || old === undefined) {
    throw refused(request, `unexpected operation "${operation}"`);
  }
  if (podView(old).spec?.nodeName !== node) {
    throw refused(request, `node "${node}" can only update pod status for pods with spec.nodeName set to itself`);
  }
  if (!isDeepStrictEqual(object.metadata.labels ?? {}, old.metadata.labels ?? {})) {
    throw refused(request, `node "${node}" cannot update labels through pod status`);
  }
  const [status, oldStatus] = [statusOf(object), statusOf(old)];
  if (!isDeepStrictEqual(status.resourceClaimStatuses ?? [], oldStatus.resourceClaimStatuses ?? [])) {
    throw refused(request, `node "${node}" cannot update resource claim statues`);
  }
  if (!isDeepStrictEqual(status.extendedResourceClaimStatus, oldStatus.extendedResourceClaimStatus)) {
    throw refused(request, `node "${node}" cannot update extended resource claim status`);
  }
}

function admitEviction(request: AdmissionRequest, node: string, store: Store): void {
  const { operation, info, object } = request;
  if (operation !== "CREATE") throw refused(request, `unexpected operation ${operation}`);
  const name = info.name || (object?.metadata.name ?? "");
  if (name === "") throw refused(request, "could not determine pod from request data");
  if (mustFindPod(request, store, name).spec?.nodeName !== node) {
    throw refused(request, `node ${node} can only evict pods with spec.nodeName set to itself`);
  }
}

/** A node makes mirror pods of its own, and reports on, evicts and deletes the pods that are bound to it. */
export function admitPod(request: AdmissionRequest, node: string, store: Store): void {
  const { subresource } = request.info;
  switch (subresource) {
    case "":
      admitWhole(request, node, store);
      return;
    case "status":
      admitStatus(request, node);
      return;
    case "eviction":
      admitEviction(request, node, store);
      return;
    default:
      throw refused(request, `unexpected pod subresource "${subresource}", only 'status' and 'eviction' are allowed`);
  }
}
