import { forbiddenRequest } from "../auth/forbidden-access.ts";
import type { KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { conflict, invalid, modifiedText, notFound } from "../status-errors.ts";
import { semanticEqual } from "../strategies/semantic-equal.ts";
import type { UpdateStrategy } from "../strategies/strategy.ts";
import { invalid as invalidField } from "../strategies/validation/field-error.ts";
import { mutateByAdmission, validateByAdmission } from "./admit.ts";
import type { ApiContext } from "./api-context.ts";
import { storeNewObject, strategyContext, wipeSystemFields } from "./create-object.ts";
import { valueAt } from "./json-value.ts";
import { finalizerDomainFaults, metaFaults, metaUpdateFaults } from "./meta-faults.ts";
import { dedupOwners, ensureNamespace } from "./request-body.ts";
import { objectRevision } from "./resource-version.ts";
import { preconditionError } from "./storage-error.ts";

/** One update of one stored object. */
export interface Change {
  /** Names the object; its subresource goes to admission. */
  readonly info: RequestInfo;
  /** The uid that the stored object must have. */
  readonly uid: string | undefined;
  readonly strategy: UpdateStrategy;
  readonly dryRun: boolean;
  /** Whether the object is created if it is not there. */
  readonly allowCreate: boolean;
  /**
   * The new object in stored form and defaulted, sharing nothing with the old one that may be changed.
   * @param old undefined only with `allowCreate`
   */
  make(old: KubeObject | undefined): KubeObject;
  /** What admission sees of an object. Default: the object itself. */
  view?(object: KubeObject): KubeObject;
}

export interface Changed {
  readonly object: KubeObject;
  readonly created: boolean;
  readonly warnings: readonly string[];
}

/** Carries out a change, following registry/generic/registry/store.go (Update) and registry/rest/update.go. @throws ApiError */
export function changeObject(context: ApiContext, change: Change): Changed {
  const { info, dryRun, uid } = change;
  const { resource, namespace, name } = info;
  const old = context.store.get(resource, resource.namespaced ? namespace : "", name);
  if (old === undefined && !change.allowCreate) throw notFound(resource, name);
  const found = old ?? ({ metadata: { namespace, name } } as KubeObject);
  const failed = uid === undefined ? undefined : preconditionError(resource, found, { uid });
  if (failed !== undefined) throw failed;
  const object = change.make(old);
  const view = change.view?.(object) ?? object;
  const oldView = old && (change.view?.(old) ?? old);
  const operation = old === undefined ? "CREATE" : "UPDATE";
  mutateByAdmission(context, { info, operation, object: view, old: oldView, dryRun });
  const warnings = dedupOwners(object, "after mutating admission happens");
  if (old === undefined) {
    checkMayCreate(context, info);
    // Refused for what it is, not for what it says.
    objectRevision(object.metadata.resourceVersion);
    wipeSystemFields(object);
    delete object.metadata.resourceVersion;
    return { object: storeNewObject(context, info, object, dryRun), created: true, warnings };
  }
  checkRevision(context, resource, object, old);
  prepare(context, change, object, old);
  const checked = change.view === undefined ? object : change.view(object);
  validateByAdmission(context, { info, operation, object: checked, old: oldView, dryRun });
  return { object: store(context, info, object, old, dryRun), created: false, warnings };
}

/** Who may update need not be allowed to create (endpoints/handlers/update.go, withAuthorization). */
function checkMayCreate({ access }: ApiContext, info: RequestInfo): void {
  const request: RequestInfo = { ...info, verb: "create" };
  const decision = access?.authorizer.authorize(request);
  if (decision !== undefined && !decision.allowed) throw forbiddenRequest(request, decision.reason);
}

function checkRevision(context: ApiContext, resource: ResourceInfo, object: KubeObject, old: KubeObject): void {
  const { name = "", resourceVersion } = old.metadata;
  const revision = objectRevision(object.metadata.resourceVersion);
  if (revision !== 0) {
    if (String(revision) !== resourceVersion) throw conflict(resource, name, modifiedText);
  } else if (context.strategyFor(resource).allowUnconditionalUpdate === false) {
    const fault = invalidField("metadata.resourceVersion", 0, "must be specified for an update");
    // Upstream puts the resource where the kind belongs.
    throw invalid({ ...resource, kind: resource.resource }, name, [fault]);
  }
  object.metadata.resourceVersion = resourceVersion ?? "";
}

function prepare(context: ApiContext, { info, strategy }: Change, object: KubeObject, old: KubeObject): void {
  const { resource } = info;
  const { metadata } = object;
  const before = old.metadata;
  ensureNamespace(info, object);
  if (before.generation === undefined) delete metadata.generation;
  else metadata.generation = before.generation;
  strategy.prepareForUpdate?.(object, old, strategyContext(context, info));
  keepSystemFields(object, old);
  const updateFaults = metaUpdateFaults(object, old);
  const faults = [
    ...metaFaults(metadata, resource.namespaced, "path-segment"),
    // Nearly every strategy of upstream repeats these checks, so that their faults are reported twice.
    ...updateFaults,
    ...updateFaults,
    ...(context.strategyFor(resource).anyFinalizers === true ? [] : finalizerDomainFaults(metadata)),
    ...(strategy.validateUpdate?.(object, old) ?? []),
  ];
  if (faults.length > 0) throw invalid(resource, metadata.name ?? "", faults);
}

/** What an update cannot change is silently kept (registry/rest/update.go, BeforeUpdate). */
function keepSystemFields({ metadata }: KubeObject, { metadata: before }: KubeObject): void {
  if ((metadata.uid ?? "") === "" && before.uid !== undefined) metadata.uid = before.uid;
  if (before.creationTimestamp !== undefined) metadata.creationTimestamp = before.creationTimestamp;
  if (before.deletionTimestamp !== undefined) metadata.deletionTimestamp = before.deletionTimestamp;
  if (before.deletionGracePeriodSeconds !== undefined) {
    metadata.deletionGracePeriodSeconds ??= before.deletionGracePeriodSeconds;
  }
}

/** Writes, removes, or leaves what did not change: a change of nothing makes no new revision. */
function store(
  context: ApiContext,
  { resource }: RequestInfo,
  object: KubeObject,
  old: KubeObject,
  dryRun: boolean,
): KubeObject {
  const { namespace = "", name = "" } = old.metadata;
  if (endsDeletion(resource, object, old)) {
    if (!dryRun) context.store.delete(resource, namespace, name);
    return object;
  }
  if (dryRun) return object;
  if (semanticEqual(object, old)) return old;
  const stored = context.store.update(resource, object);
  context.noteWrite(resource, stored);
  return stored;
}

/** Whether the change takes away what a requested deletion was waiting for (store.go, ShouldDeleteDuringUpdate). */
function endsDeletion({ storageKey }: ResourceInfo, object: KubeObject, { metadata: before }: KubeObject): boolean {
  if (before.deletionTimestamp === undefined || (object.metadata.finalizers?.length ?? 0) > 0) return false;
  if ((before.deletionGracePeriodSeconds ?? 0) !== 0) return false;
  if (storageKey !== "namespaces") return true;
  const waiting = valueAt(object, ["spec", "finalizers"]);
  return !Array.isArray(waiting) || waiting.length === 0;
}
