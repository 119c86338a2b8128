import { type Asked, plainUser, request } from "../../auth/testing/cluster.ts";
import type { KubeObject } from "../../object.ts";
import type { UserInfo } from "../../request-info.ts";
import type { Verb } from "../../resources/resource-info.ts";
import type { Store } from "../../store/store.ts";
import type { AdmissionRequest } from "../admission.ts";
import { createAdmission } from "../create-admission.ts";

/** One write as a test tells it. */
export interface Write extends Asked {
  /** Default: somebody without a part to play. */
  readonly user?: UserInfo;
  /** "create pods", "update nodes/status", "delete namespaces" */
  readonly what: `${"create" | "update" | "delete"} ${string}`;
  readonly object?: KubeObject;
  readonly old?: KubeObject;
}

/** Anything with kind and metadata; the rest as given. */
export function object(metadata: KubeObject["metadata"], members: object = {}): KubeObject {
  return { apiVersion: "v1", kind: "Object", metadata, ...members };
}

const plugins = createAdmission({
  authorizer: { authorizeAccess: ({ resource }) => ({ allowed: resource === "allowed-audience", reason: "" }) },
  generateName: (base) => `${base}abcde`,
});

/** Runs all plugins as the server does and returns the object. @throws ApiError */
export function admit(store: Store, { user = plainUser("someone"), what, object, old, ...asked }: Write): KubeObject {
  const [verb, target = ""] = what.split(" ");
  const admitted: AdmissionRequest = {
    info: request(user, verb as Verb, target, asked),
    operation: verb?.toUpperCase() as AdmissionRequest["operation"],
    object: structuredClone(object),
    old,
    dryRun: false,
  };
  for (const plugin of plugins) plugin.mutate?.(admitted, store);
  for (const plugin of plugins) plugin.validate?.(admitted, store);
  return admitted.object ?? { apiVersion: "", kind: "", metadata: {} };
}

/** Code and message of the refusal; "admitted" if there is none. */
export function refusalOf(store: Store, write: Write): string {
  try {
    admit(store, write);
    return "admitted";
  } catch (error) {
    const { httpCode, message } = error as { httpCode?: number; message: string };
    return `${httpCode} ${message}`;
  }
}
