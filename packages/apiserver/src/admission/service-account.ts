import { findObject, known } from "../auth/known-resources.ts";
import { isMirrorPod, podView, secretNames } from "../auth/pod-references.ts";
import type { KubeObject } from "../object.ts";
import type { Store } from "../store/store.ts";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import { isAbout, refused } from "./admission-request.ts";
import { type MutablePodSpec, podSpec } from "./mutable-pod.ts";

// Rules and words of plugin/pkg/admission/serviceaccount/admission.go. The annotation enforce-mountable-secrets, which is
// deprecated upstream, has no effect here.

/** v1.ServiceAccount in its JSON form. */
interface ServiceAccount extends KubeObject {
  readonly automountServiceAccountToken?: boolean;
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
}

const volumePrefix = "kube-api-access-";
const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Token, CA and namespace, as clients inside a pod expect them; all that defaulting would add is there. */
function tokenVolume(name: string): { name: string; projected: object } {
  const namespaceRef = { apiVersion: "v1", fieldPath: "metadata.namespace" };
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        { downwardAPI: { items: [{ path: "namespace", fieldRef: namespaceRef }] } },
      ],
      defaultMode: 0o644,
    },
  };
}

function mountToken(spec: MutablePodSpec, generateName: (base: string) => string): void {
  const existing = spec.volumes?.find(({ name }) => name.startsWith(volumePrefix));
  const name = existing?.name ?? generateName(volumePrefix);
  let isMounted = false;
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    // Whoever mounts something of his own there does not get ours.
    if (container.volumeMounts?.some((mount) => mount.mountPath === mountPath)) continue;
    container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath }];
    isMounted = true;
  }
  if (isMounted && existing === undefined) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)];
}

/** What a kubelet runs by itself must not gain access to anything. */
function checkMirrorPod(request: AdmissionRequest, pod: KubeObject): void {
  const view = podView(pod);
  if ((view.spec?.serviceAccountName ?? "") !== "")
    throw refused(request, "a mirror pod may not reference service accounts");
  if (secretNames(view).length > 0) throw refused(request, "a mirror pod may not reference secrets");
  const sources = (view.spec?.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
  if (sources.some(({ serviceAccountToken }) => serviceAccountToken !== undefined)) {
    throw refused(request, "a mirror pod may not use ServiceAccountToken volume projections");
  }
}

function mustFindAccount(request: AdmissionRequest, store: Store, name: string): ServiceAccount {
  const { namespace } = request.info;
  const account = findObject(store, known.serviceaccounts, namespace, name);
  if (account !== undefined) return account;
  throw refused(request, `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`);
}

/** @param generateName gives a name that begins with `base` and has not been given before */
export function serviceAccount(generateName: (base: string) => string): AdmissionPlugin {
  return {
    name: "ServiceAccount",
    mutate(request, store) {
      const { object: pod, operation } = request;
      if (operation !== "CREATE" || pod === undefined || !isAbout(request, "", "pods")) return;
      if (isMirrorPod(podView(pod))) {
        checkMirrorPod(request, pod);
        return;
      }
      const spec = podSpec(pod);
      const name = spec.serviceAccountName || "default";
      spec.serviceAccountName = name;
      spec.serviceAccount = name;
      const account = mustFindAccount(request, store, name);
      if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true)
        mountToken(spec, generateName);
      const pullSecrets = account.imagePullSecrets ?? [];
      if ((spec.imagePullSecrets ?? []).length === 0 && pullSecrets.length > 0) {
        spec.imagePullSecrets = pullSecrets.map((secret) => ({ ...secret }));
      }
    },
  };
}
