import { known, listObjects } from "../auth/known-resources.ts";
import type { KubeObject } from "../object.ts";
import type { AdmissionPlugin } from "./admission.ts";
import { isAbout } from "./admission-request.ts";

const marks = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

/** The newest first, then by name (pkg/volume/util/storageclass.go). */
function byAge({ metadata: a }: KubeObject, { metadata: b }: KubeObject): number {
  const age = Date.parse(b.creationTimestamp ?? "") - Date.parse(a.creationTimestamp ?? "");
  return age || ((a.name ?? "") < (b.name ?? "") ? -1 : 1);
}

/** Claims that name no class get the default one, if there is one (plugin/pkg/admission/storage/storageclass/setdefault). */
export const defaultStorageClass: AdmissionPlugin = {
  name: "DefaultStorageClass",
  mutate(request, store) {
    const { object: claim, operation } = request;
    if (operation !== "CREATE" || claim === undefined || !isAbout(request, "", "persistentvolumeclaims")) return;
    claim["spec"] ??= {};
    const spec = claim["spec"] as { storageClassName?: string };
    const named = claim.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec.storageClassName;
    if (named !== undefined) return;
    const [found] = listObjects(store, known.storageclasses)
      .filter(({ metadata }) => marks.some((mark) => metadata.annotations?.[mark] === "true"))
      .sort(byAge);
    if (found?.metadata.name !== undefined) spec.storageClassName = found.metadata.name;
  },
};
