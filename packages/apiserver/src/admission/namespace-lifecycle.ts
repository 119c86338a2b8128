import { ApiError } from "../api-error.ts";
import { findObject, known } from "../auth/known-resources.ts";
import { forbidden, notFound } from "../status-errors.ts";
import type { Store } from "../store/store.ts";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import { isAbout, refused } from "./admission-request.ts";

/** What the server itself lives from (pkg/kubeapiserver/options/admission.go). */
const immortal = new Set(["default", "kube-system", "kube-public"]);

function terminating(request: AdmissionRequest, namespace: string): ApiError {
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const { code, message, details } = refused(request, why);
  const cause = {
    reason: "NamespaceTerminating",
    message: `namespace ${namespace} is being terminated`,
    field: "metadata.namespace",
  };
  return new ApiError(code, message, { ...details, causes: [cause] });
}

function admit(request: AdmissionRequest, store: Store): void {
  const { info, operation } = request;
  if (info.resource.resource === "namespaces" && info.resource.group === "") {
    if (operation !== "DELETE" || !immortal.has(info.name)) return;
    throw forbidden(info.resource, info.name, "this namespace may not be deleted");
  }
  if (info.namespace === "" || operation === "DELETE" || known.namespaces === undefined) return;
  // Whoever asks what is allowed there learns nothing about the namespace itself.
  if (isAbout(request, "authorization.k8s.io", "localsubjectaccessreviews")) return;
  const namespace = findObject(store, known.namespaces, "", info.namespace);
  if (namespace === undefined) throw notFound(known.namespaces, info.namespace);
  const { phase } = (namespace["status"] ?? {}) as { phase?: string };
  if (operation === "CREATE" && phase === "Terminating") throw terminating(request, info.namespace);
}

/** Nothing is made in namespaces that are missing or ending (apiserver/pkg/admission/plugin/namespace/lifecycle). */
export const namespaceLifecycle: AdmissionPlugin = { name: "NamespaceLifecycle", mutate: admit };
