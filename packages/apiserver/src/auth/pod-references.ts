import type { KubeObject } from "../object.ts";

// A pod as far as its references go; v1.Pod in its JSON form.
interface NameRef {
  readonly name?: string;
}
interface SourceRefs {
  readonly secretRef?: NameRef;
  readonly configMapRef?: NameRef;
  readonly secretKeyRef?: NameRef;
  readonly configMapKeyRef?: NameRef;
}
interface Container {
  readonly envFrom?: readonly SourceRefs[];
  readonly env?: readonly { readonly valueFrom?: SourceRefs }[];
}
/** Sources of a projected volume; each has one member. */
interface Projection {
  readonly secret?: NameRef;
  readonly configMap?: NameRef;
  readonly serviceAccountToken?: { readonly audience?: string };
  readonly downwardAPI?: object;
}
/** One of its members is set beside the name. In-tree volumes whose secret stands in a secretRef are not named one by one. */
export interface PodVolume {
  readonly name: string;
  readonly secret?: { readonly secretName?: string };
  readonly configMap?: NameRef;
  readonly projected?: { readonly sources?: readonly Projection[] };
  readonly azureFile?: { readonly secretName?: string };
  readonly csi?: { readonly driver?: string; readonly nodePublishSecretRef?: NameRef };
  readonly persistentVolumeClaim?: { readonly claimName?: string };
  readonly ephemeral?: object;
  readonly [source: string]: unknown;
}
interface PodResourceClaim {
  readonly name: string;
  readonly resourceClaimName?: string;
}
export interface PodView {
  readonly metadata: KubeObject["metadata"];
  readonly spec?: {
    readonly nodeName?: string;
    readonly serviceAccountName?: string;
    readonly imagePullSecrets?: readonly NameRef[];
    readonly initContainers?: readonly Container[];
    readonly containers?: readonly Container[];
    readonly ephemeralContainers?: readonly Container[];
    readonly volumes?: readonly PodVolume[];
    readonly resourceClaims?: readonly PodResourceClaim[];
  };
  readonly status?: {
    readonly resourceClaimStatuses?: readonly { readonly name: string; readonly resourceClaimName?: string }[];
    readonly extendedResourceClaimStatus?: { readonly resourceClaimName?: string };
  };
}

/** A pod in the store or in a request. */
export function podView(object: KubeObject): PodView {
  return object as unknown as PodView;
}

export const mirrorAnnotation = "kubernetes.io/config.mirror";

/** Made by a kubelet for a pod that no API server gave it. */
export function isMirrorPod({ metadata }: Pick<PodView, "metadata">): boolean {
  return metadata.annotations?.[mirrorAnnotation] !== undefined;
}

function containersOf({ spec = {} }: PodView): readonly Container[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
}

/** What the containers' environment is taken from. */
function environmentOf(pod: PodView): readonly SourceRefs[] {
  return containersOf(pod).flatMap(({ envFrom = [], env = [] }) => [
    ...envFrom,
    ...env.flatMap(({ valueFrom }) => (valueFrom === undefined ? [] : [valueFrom])),
  ]);
}

const named = (names: readonly (string | undefined)[]): string[] =>
  names.filter((name) => name !== undefined && name !== "") as string[];

function volumeSecrets(volume: PodVolume): readonly (string | undefined)[] {
  const { projected, azureFile, secret, csi } = volume;
  if (projected !== undefined) return (projected.sources ?? []).map((source) => source.secret?.name);
  if (azureFile !== undefined) return [azureFile.secretName];
  if (secret !== undefined) return [secret.secretName];
  if (csi !== undefined) return [csi.nodePublishSecretRef?.name];
  return Object.values(volume).map((source) => (source as SourceRefs | undefined)?.secretRef?.name);
}

/** Secrets that a pod refers to itself, without those of its persistent volumes (pkg/api/v1/pod/util.go VisitPodSecretNames). */
export function secretNames(pod: PodView): readonly string[] {
  const { imagePullSecrets = [], volumes = [] } = pod.spec ?? {};
  return named([
    ...imagePullSecrets.map(({ name }) => name),
    ...environmentOf(pod).flatMap(({ secretRef, secretKeyRef }) => [secretRef?.name, secretKeyRef?.name]),
    ...volumes.flatMap(volumeSecrets),
  ]);
}

/** pkg/api/v1/pod/util.go VisitPodConfigmapNames. */
export function configMapNames(pod: PodView): readonly string[] {
  return named([
    ...environmentOf(pod).flatMap(({ configMapRef, configMapKeyRef }) => [configMapRef?.name, configMapKeyRef?.name]),
    ...(pod.spec?.volumes ?? []).flatMap(({ projected, configMap }) =>
      projected === undefined ? [configMap?.name] : (projected.sources ?? []).map((source) => source.configMap?.name),
    ),
  ]);
}

/** The claim of a volume: one that exists apart from the pod, or one that was made for it (component-helpers/storage/ephemeral). */
export function claimNameOf(pod: PodView, { name, persistentVolumeClaim, ephemeral }: PodVolume): string {
  if (persistentVolumeClaim !== undefined) return persistentVolumeClaim.claimName ?? "";
  return ephemeral === undefined ? "" : `${pod.metadata.name}-${name}`;
}

export function claimNames(pod: PodView): readonly string[] {
  return named((pod.spec?.volumes ?? []).map((volume) => claimNameOf(pod, volume)));
}

/** Claims of devices: named in the spec, or made from a template and then named in the status. */
export function resourceClaimNames({ spec, status }: PodView): readonly string[] {
  const made = new Map(status?.resourceClaimStatuses?.map(({ name, resourceClaimName }) => [name, resourceClaimName]));
  return named([
    ...(spec?.resourceClaims ?? []).map(({ name, resourceClaimName }) => resourceClaimName ?? made.get(name)),
    status?.extendedResourceClaimStatus?.resourceClaimName,
  ]);
}
