import type { AccessAuthorizer } from "../auth/auth.ts";
import { findObject, known } from "../auth/known-resources.ts";
import { claimNameOf, type PodView, type PodVolume, podView } from "../auth/pod-references.ts";
import type { KubeObject } from "../object.ts";
import type { Store } from "../store/store.ts";
import type { AdmissionRequest } from "./admission.ts";
import { missing, refused } from "./admission-request.ts";

/** authentication.k8s.io/v1 TokenRequestSpec in its JSON form. */
interface TokenRequestSpec {
  /** Go writes null for none. */
  readonly audiences?: readonly string[] | null;
  readonly boundObjectRef?: {
    readonly apiVersion?: string;
    readonly kind?: string;
    readonly name?: string;
    readonly uid?: string;
  } | null;
}

const specOf = <T>(object: KubeObject | undefined): T => (object?.["spec"] ?? {}) as T;

/** The CSI driver behind a volume of a pod, by way of its claim; "" if there is none. */
function driverOf(store: Store, pod: PodView, volume: PodVolume): string {
  const claimName = claimNameOf(pod, volume);
  if (claimName === "") return volume.csi?.driver ?? "";
  const claim = findObject(store, known.persistentvolumeclaims, pod.metadata.namespace ?? "", claimName);
  const { volumeName = "" } = specOf<{ volumeName?: string }>(claim);
  const { csi } = specOf<{ csi?: { driver?: string } }>(findObject(store, known.persistentvolumes, "", volumeName));
  return csi?.driver ?? "";
}

function hasAudience(store: Store, pod: PodView, volume: PodVolume, audience: string): boolean {
  const tokens = (volume.projected?.sources ?? []).flatMap(({ serviceAccountToken }) => serviceAccountToken ?? []);
  if (tokens.some((token) => (token.audience ?? "") === audience)) return true;
  const driver = driverOf(store, pod, volume);
  const { tokenRequests = [] } = specOf<{ tokenRequests?: { audience?: string }[] }>(
    driver === "" ? undefined : findObject(store, known.csidrivers, "", driver),
  );
  return tokenRequests.some((request) => (request.audience ?? "") === audience);
}

/** Tokens are for whom a volume of the pod is for, or for whom the node may ask them anyway. */
function checkAudience(
  request: AdmissionRequest,
  store: Store,
  pod: PodView,
  audiences: readonly string[],
  authorizer: Pick<AccessAuthorizer, "authorizeAccess">,
): void {
  if (audiences.length > 1) throw refused(request, "node may only request 0 or 1 audiences");
  const [audience = ""] = audiences;
  if ((pod.spec?.volumes ?? []).some((volume) => hasAudience(store, pod, volume, audience))) return;
  const { user, namespace, name } = request.info;
  const verb = "request-serviceaccounts-token-audience";
  const access = { user, verb, group: "", resource: audience, subresource: "", namespace, name };
  if (authorizer.authorizeAccess(access).allowed) return;
  const who = `${user.name} is not authorized to request tokens for this audience`;
  throw refused(request, `audience "${audience}" not found in pod spec volume, ${who}`);
}

/** A node gets tokens for the pods that are bound to it, and only such as end with them. */
export function admitToken(
  request: AdmissionRequest,
  node: string,
  store: Store,
  authorizer: Pick<AccessAuthorizer, "authorizeAccess">,
): void {
  const { info, operation, object } = request;
  if (operation !== "CREATE" || info.subresource !== "token") return;
  const { boundObjectRef: ref, audiences } = specOf<TokenRequestSpec>(object);
  const { name = "", uid = "" } = ref ?? {};
  if (ref?.apiVersion !== "v1" || ref.kind !== "Pod" || name === "") {
    throw refused(request, "node requested token not bound to a pod");
  }
  if (uid === "") throw refused(request, "node requested token with a pod binding without a uid");
  const pod = findObject(store, known.pods, info.namespace, name);
  if (pod === undefined) throw missing("pod", name);
  if (pod.metadata.uid !== uid) {
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record.`;
    throw refused(request, `${why} The object might have been deleted and then recreated`);
  }
  if (podView(pod).spec?.nodeName !== node) {
    throw refused(request, "node requested token bound to a pod scheduled on a different node");
  }
  checkAudience(request, store, podView(pod), audiences ?? [], authorizer);
}
