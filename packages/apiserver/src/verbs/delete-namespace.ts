import type { KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import { conflict, notFound } from "../status-errors.ts";
import { mutateByAdmission, validateByAdmission } from "./admit.ts";
import type { DeleteOptions } from "./api.ts";
import type { ApiContext } from "./api-context.ts";
import { finalizersForDeletion } from "./delete-finalizers.ts";
import { type Deleted, deleteObject } from "./delete-object.ts";
import { members, valueAt } from "./json-value.ts";
import { timeText } from "./time-text.ts";

/**
 * Deletes a Namespace (pkg/registry/core/namespace/storage/storage.go): the first DELETE makes it Terminating; it goes when
 * the namespace controller has emptied it and taken its finalizer away.
 */
export function deleteNamespace(context: ApiContext, info: RequestInfo, options: DeleteOptions): Deleted {
  const { resource, name } = info;
  const old = context.store.get(resource, "", name);
  if (old === undefined) throw notFound(resource, name);
  checkPreconditions(info, old, options);
  if (old.metadata.deletionTimestamp !== undefined) {
    const waiting = valueAt(old, ["spec", "finalizers"]);
    if (Array.isArray(waiting) && waiting.length > 0) return { object: old, removed: false, pending: false };
    return deleteObject(context, info, options);
  }
  const { dryRun = false } = options;
  const admitted = { info, operation: "DELETE", object: undefined, old, dryRun } as const;
  mutateByAdmission(context, admitted);
  validateByAdmission(context, admitted);
  const marked = terminating(old, options, context.clock.nowMs());
  return { object: dryRun ? marked : context.store.update(resource, marked), removed: false, pending: false };
}

function checkPreconditions({ resource, name }: RequestInfo, { metadata }: KubeObject, options: DeleteOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  if (uid !== undefined && uid !== metadata.uid) {
    const found = `UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
    throw conflict(resource, name, `Precondition failed: ${found}`);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const found = `ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`;
    throw conflict(resource, name, `Precondition failed: ${found}`);
  }
}

function terminating(old: KubeObject, options: DeleteOptions, nowMs: number): KubeObject {
  // orphanDependents false means foreground here, and only here.
  const { orphanDependents, propagationPolicy } = options;
  const choice =
    orphanDependents === false
      ? { propagationPolicy: "Foreground" as const }
      : {
          ...(orphanDependents !== undefined && { orphanDependents }),
          ...(propagationPolicy !== undefined && { propagationPolicy }),
        };
  const finalizers = finalizersForDeletion(old, choice, "Background");
  const { finalizers: _, ...metadata } = old.metadata;
  return {
    ...old,
    metadata: {
      ...metadata,
      deletionTimestamp: timeText(nowMs),
      ...(finalizers.length > 0 && { finalizers: [...finalizers] }),
    },
    status: { ...members(old["status"]), phase: "Terminating" },
  };
}
