import type { ApiError } from "../api-error.ts";
import type { KubeObject } from "../object.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { conflict } from "../status-errors.ts";
import { objectKey } from "../store/object-index.ts";

/** Resources whose keys in etcd do not begin with their plural (pkg/kubeapiserver/default_storage_factory_builder.go). */
const prefixes: Readonly<Record<string, string>> = {
  replicationcontrollers: "controllers",
  endpoints: "services/endpoints",
  nodes: "minions",
  services: "services/specs",
};

function etcdKey(resource: ResourceInfo, object: KubeObject): string {
  const { namespace = "", name = "" } = object.metadata;
  const prefix = resource.group === "" ? prefixes[resource.resource] : undefined;
  return `/registry/${prefix ?? resource.resource}/${objectKey(namespace, name)}`;
}

/** What must be true of the stored object (metav1.Preconditions); absent members demand nothing. */
export interface Preconditions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

function mismatch({ uid, resourceVersion }: Preconditions, { metadata }: KubeObject): string | undefined {
  if (uid !== undefined && uid !== (metadata.uid ?? "")) {
    return `UID in precondition: ${uid}, UID in object meta: ${metadata.uid ?? ""}`;
  }
  if (resourceVersion !== undefined && resourceVersion !== (metadata.resourceVersion ?? "")) {
    return `ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion ?? ""}`;
  }
  return undefined;
}

/** The 409 of a precondition that fails in the storage (storage/interfaces.go, Preconditions.Check; storage/errors.go). */
export function preconditionError(
  resource: ResourceInfo,
  object: KubeObject,
  preconditions: Preconditions,
): ApiError | undefined {
  const failed = mismatch(preconditions, object);
  if (failed === undefined) return undefined;
  const place = `StorageError: invalid object, Code: 4, Key: ${etcdKey(resource, object)}, ResourceVersion: 0`;
  const why = `${place}, AdditionalErrorMsg: Precondition failed: ${failed}`;
  return conflict(resource, object.metadata.name ?? "", why);
}
