import type { Container, LocalObjectReference, PodSpec, VolumeSource } from "@hollowfleet/wire";
import type { ObjectRef, TokenPlan } from "./pod-plan.ts";

/** pkg/volume/projected: the admission plugin writes 3607 itself; this is the API's default. */
const defaultExpirationSeconds = 3600;

/** Collects references, each once. */
class Refs {
  readonly list: ObjectRef[] = [];

  add(plural: ObjectRef["plural"], name: string | undefined): void {
    if (name === undefined || name === "") return;
    if (!this.list.some((ref) => ref.plural === plural && ref.name === name)) this.list.push({ plural, name });
  }

  addRef(plural: ObjectRef["plural"], ref: LocalObjectReference | undefined): void {
    this.add(plural, ref?.name);
  }
}

function volumeRefs(refs: Refs, volume: VolumeSource | undefined): void {
  refs.add("secrets", volume?.secret?.secretName);
  refs.addRef("configmaps", volume?.configMap?.localObjectReference);
  for (const source of volume?.projected?.sources ?? []) {
    refs.addRef("secrets", source.secret?.localObjectReference);
    refs.addRef("configmaps", source.configMap?.localObjectReference);
  }
}

function containerRefs(refs: Refs, container: Container): void {
  for (const from of container.envFrom ?? []) {
    refs.addRef("configmaps", from.configMapRef?.localObjectReference);
    refs.addRef("secrets", from.secretRef?.localObjectReference);
  }
  for (const { valueFrom } of container.env ?? []) {
    refs.addRef("configmaps", valueFrom?.configMapKeyRef?.localObjectReference);
    refs.addRef("secrets", valueFrom?.secretKeyRef?.localObjectReference);
  }
}

/** The ConfigMaps and Secrets that a kubelet watches for a pod (pkg/api/v1/pod VisitPodSecretNames, VisitPodConfigmapNames). */
export function referencedObjects(spec: PodSpec): readonly ObjectRef[] {
  const refs = new Refs();
  for (const secret of spec.imagePullSecrets ?? []) refs.addRef("secrets", secret);
  for (const volume of spec.volumes ?? []) volumeRefs(refs, volume.volumeSource);
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) containerRefs(refs, container);
  return refs.list;
}

/** The service-account tokens that a pod's volumes hold, each kind once: a kubelet caches them by their request. */
export function tokenSources(spec: PodSpec): readonly TokenPlan[] {
  const tokens: TokenPlan[] = [];
  for (const volume of spec.volumes ?? []) {
    for (const { serviceAccountToken } of volume.volumeSource?.projected?.sources ?? []) {
      if (serviceAccountToken === undefined) continue;
      const audience = serviceAccountToken.audience || undefined;
      const expirationSeconds = serviceAccountToken.expirationSeconds ?? defaultExpirationSeconds;
      if (tokens.some((token) => token.audience === audience && token.expirationSeconds === expirationSeconds))
        continue;
      tokens.push({ audience, expirationSeconds });
    }
  }
  return tokens;
}

/** The name of the first volume that holds a token; "": there is none. */
export function tokenVolumeOf(spec: PodSpec): string {
  const volume = spec.volumes?.find(({ volumeSource }) =>
    volumeSource?.projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken !== undefined),
  );
  return volume?.name ?? "";
}
