import type { KubeObject } from "../object.ts";
import type { Store } from "../store/store.ts";
import { findObject, known } from "./known-resources.ts";
import {
  claimNames,
  configMapNames,
  isMirrorPod,
  type PodView,
  podView,
  resourceClaimNames,
  secretNames,
} from "./pod-references.ts";

/** What pods refer to by name, in their own namespace. */
export type ReferencedResource =
  | "secrets"
  | "configmaps"
  | "persistentvolumeclaims"
  | "serviceaccounts"
  | "resourceclaims";

/** Which objects have to do with which node, by way of the pods that are bound to it. */
export interface NodeGraph {
  /** Whether a pod that is bound to the node refers to the object, whether the object exists or not. */
  refers(node: string, resource: ReferencedResource, namespace: string, name: string): boolean;
}

/** Reference counts by node. */
type Nodes = Map<string, number>;

interface SecretRef {
  readonly name?: string;
  readonly namespace?: string;
}

/** v1.PersistentVolume in its JSON form, as far as needed. */
interface VolumeSpec {
  readonly claimRef?: { readonly namespace?: string; readonly name?: string };
  readonly csi?: Readonly<Record<string, SecretRef | undefined>>;
  readonly [source: string]: unknown;
}

/** The secrets of a volume's CSI driver that a node needs (pkg/api/v1/persistentvolume/util.go VisitPVSecretNames). */
const nodeSecretRefs = ["nodePublishSecretRef", "nodeStageSecretRef", "nodeExpandSecretRef"];

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;

function* referencesOf(pod: PodView): Iterable<readonly [ReferencedResource, readonly string[]]> {
  const account = pod.spec?.serviceAccountName ?? "";
  if (account !== "") yield ["serviceaccounts", [account]];
  yield ["secrets", secretNames(pod)];
  yield ["configmaps", configMapNames(pod)];
  yield ["persistentvolumeclaims", claimNames(pod)];
  yield ["resourceclaims", resourceClaimNames(pod)];
}

/** What a bound pod refers to cannot have changed: its spec is immutable but for the ephemeral containers. */
function refersAsBefore(pod: PodView, previous: PodView): boolean {
  return (
    pod.spec?.nodeName === previous.spec?.nodeName &&
    pod.metadata.uid === previous.metadata.uid &&
    pod.spec?.ephemeralContainers?.length === previous.spec?.ephemeralContainers?.length &&
    pod.spec?.resourceClaims === undefined &&
    pod.status?.extendedResourceClaimStatus === undefined
  );
}

/** The secrets of a bound persistent volume, as "namespace/name". */
function volumeSecrets(volume: KubeObject): readonly string[] {
  const { claimRef, ...spec } = (volume["spec"] ?? {}) as VolumeSpec;
  if (claimRef === undefined) return [];
  const refs = [
    ...nodeSecretRefs.map((member) => spec.csi?.[member]),
    ...Object.values(spec).map((source) => (source as { secretRef?: SecretRef } | null | undefined)?.secretRef),
  ];
  return refs.flatMap((ref) =>
    ref?.name === undefined ? [] : [keyOf(ref.namespace ?? claimRef.namespace ?? "", ref.name)],
  );
}

/**
 * The graph of plugin/pkg/auth/authorizer/node/graph.go, kept from the store's changes: node ← pod ← secret, configmap,
 * serviceaccount, claim, and claim ← volume ← secret. An answer costs two look-ups, however many pods refer to an object:
 * for each object its nodes are counted. Unlike the real server's, it never lags behind a binding.
 */
export function createNodeGraph(store: Store): NodeGraph {
  const nodesByObject: Record<ReferencedResource, Map<string, Nodes>> = {
    secrets: new Map(),
    configmaps: new Map(),
    persistentvolumeclaims: new Map(),
    serviceaccounts: new Map(),
    resourceclaims: new Map(),
  };
  const volumesBySecret = new Map<string, Set<string>>();

  function count(pod: PodView, by: 1 | -1): void {
    const node = pod.spec?.nodeName ?? "";
    // A node must not gain anything by a pod that it made itself.
    if (node === "" || isMirrorPod(pod)) return;
    for (const [resource, names] of referencesOf(pod)) {
      for (const name of names) countNode(nodesByObject[resource], keyOf(pod.metadata.namespace ?? "", name), node, by);
    }
  }

  function onPod(object: KubeObject | undefined, previous: KubeObject | undefined): void {
    if (object !== undefined && previous !== undefined && refersAsBefore(podView(object), podView(previous))) return;
    if (previous !== undefined) count(podView(previous), -1);
    if (object !== undefined) count(podView(object), 1);
  }

  function onVolume(object: KubeObject | undefined, previous: KubeObject | undefined): void {
    for (const secret of previous === undefined ? [] : volumeSecrets(previous)) {
      volumesBySecret.get(secret)?.delete(previous?.metadata.name ?? "");
    }
    for (const secret of object === undefined ? [] : volumeSecrets(object)) {
      const volumes = volumesBySecret.get(secret) ?? new Set();
      volumesBySecret.set(secret, volumes.add(object?.metadata.name ?? ""));
    }
  }

  follow(store, "pods", onPod);
  follow(store, "persistentvolumes", onVolume);

  function hasNode(resource: ReferencedResource, key: string, node: string): boolean {
    return nodesByObject[resource].get(key)?.has(node) ?? false;
  }

  /** Whether the claim that a volume is bound to is used on the node. */
  function usesVolume(node: string, name: string): boolean {
    return usesClaimOf(findObject(store, known.persistentvolumes, "", name), (namespace, claim) =>
      hasNode("persistentvolumeclaims", keyOf(namespace, claim), node),
    );
  }

  return {
    refers(node, resource, namespace, name) {
      const key = keyOf(namespace, name);
      if (hasNode(resource, key, node)) return true;
      if (resource !== "secrets") return false;
      return [...(volumesBySecret.get(key) ?? [])].some((volume) => usesVolume(node, volume));
    },
  };
}

/** Whether `isUsed` holds for the claim that a persistent volume is bound to. */
export function usesClaimOf(
  volume: KubeObject | undefined,
  isUsed: (namespace: string, name: string) => boolean,
): boolean {
  const { claimRef } = (volume?.["spec"] ?? {}) as VolumeSpec;
  return claimRef !== undefined && isUsed(claimRef.namespace ?? "", claimRef.name ?? "");
}

function countNode(objects: Map<string, Nodes>, key: string, node: string, by: 1 | -1): void {
  const nodes = objects.get(key) ?? new Map<string, number>();
  const count = (nodes.get(node) ?? 0) + by;
  if (count > 0) nodes.set(node, count);
  else nodes.delete(node);
  if (nodes.size > 0) objects.set(key, nodes);
  else objects.delete(key);
}

/** Hands over every object, and then every change, as the state after and before it. */
function follow(
  store: Store,
  name: "pods" | "persistentvolumes",
  onChange: (object: KubeObject | undefined, previous: KubeObject | undefined) => void,
): void {
  const resource = known[name];
  if (resource === undefined) return;
  for (const object of store.list(resource, "")) onChange(object, undefined);
  store.watch(resource, store.revision, ({ type, object, previous }) => {
    if (type === "DELETED") onChange(undefined, previous ?? object);
    else onChange(object, previous);
  });
}
