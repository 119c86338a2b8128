import { ApiError, type StatusCause } from "../api-error.ts";
import type { KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { alreadyExists, invalid } from "../status-errors.ts";
import type { Strategy, StrategyContext } from "../strategies/strategy.ts";
import { validateByAdmission } from "./admit.ts";
import type { ApiContext } from "./api-context.ts";
import { finalizerDomainFaults, metaFaults } from "./meta-faults.ts";
import { nameSuffix, suffixLength } from "./name-suffix.ts";
import { ensureNamespace } from "./request-body.ts";
import { parseFault } from "./resource-version.ts";
import { timeText } from "./time-text.ts";

const generatedBaseMax = 63 - suffixLength;
/** registry/generic/registry/store.go, maxNameGenerationCreateAttempts. */
const nameAttempts = 8;

export function strategyContext({ clock, services }: ApiContext, { user }: RequestInfo): StrategyContext {
  return { nowMs: clock.nowMs(), user, ...(services !== undefined && { services }) };
}

/**
 * Stores a new object: admitted, decoded, defaulted, in stored form, owned by the caller no more. Follows
 * registry/generic/registry/store.go (create) and registry/rest/create.go.
 * @throws ApiError
 */
export function storeNewObject(
  context: ApiContext,
  info: RequestInfo,
  object: KubeObject,
  dryRun: boolean,
): KubeObject {
  const { resource } = info;
  const strategy = context.strategyFor(resource);
  const { metadata } = object;
  ensureNamespace(info, object);
  fillSystemFields(context, object);
  const isGenerated = (metadata.name ?? "") === "" && (metadata.generateName ?? "") !== "";
  if (isGenerated) metadata.name = generateName(context, resource, object);
  strategy.prepareForCreate?.(object, strategyContext(context, info));
  const faults = newObjectFaults(object, resource, strategy);
  const name = metadata.name ?? "";
  if (faults.length > 0) throw invalid(resource, name, faults);
  validateByAdmission(context, { info, operation: "CREATE", object, old: undefined, dryRun });
  if (!dryRun && isRevision(metadata.resourceVersion)) {
    // Reaches the client as an error without a reason (storage/errors.go).
    throw new ApiError("", "resourceVersion should not be set on objects to be created");
  }
  const known = context.store.get(resource, metadata.namespace ?? "", name);
  if (known !== undefined) throw existsError(resource, known, isGenerated);
  if (dryRun) return object;
  const stored = context.store.create(resource, object);
  context.noteWrite(resource, stored);
  return stored;
}

/** What is no number counts as absent (storage/etcd3/store.go, Create). */
function isRevision(text = ""): boolean {
  return text !== "" && parseFault(text) === undefined && Number(text) !== 0;
}

/** What only the server sets is erased from what a client sends (registry/rest/meta.go, WipeObjectMetaSystemFields). */
export function wipeSystemFields({ metadata }: KubeObject): void {
  delete metadata.creationTimestamp;
  delete metadata.uid;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
}

function fillSystemFields({ clock, newUid }: ApiContext, { metadata }: KubeObject): void {
  metadata.uid = newUid();
  metadata.creationTimestamp = timeText(clock.nowMs());
}

/** A name that is free, or the last one tried. */
function generateName(context: ApiContext, resource: ResourceInfo, { metadata }: KubeObject): string {
  const base = (metadata.generateName ?? "").slice(0, generatedBaseMax);
  let name = base;
  for (let attempt = 0; attempt < nameAttempts; attempt++) {
    name = base + nameSuffix(context.random);
    if (context.store.get(resource, metadata.namespace ?? "", name) === undefined) break;
  }
  return name;
}

function existsError(resource: ResourceInfo, known: KubeObject, isGenerated: boolean): ApiError {
  const { name = "", deletionTimestamp } = known.metadata;
  const error = alreadyExists(resource, name);
  const why = isGenerated ? ", the server was not able to generate a unique name for the object" : "";
  const going = deletionTimestamp === undefined ? "" : "object is being deleted: ";
  const details = isGenerated ? { ...error.details, retryAfterSeconds: 1 } : error.details;
  return new ApiError("AlreadyExists", `${going}${error.message}${why}`, details);
}

function newObjectFaults(object: KubeObject, resource: ResourceInfo, strategy: Strategy): readonly StatusCause[] {
  const { metadata } = object;
  const own = strategy.validate?.(object) ?? [];
  if (strategy.metadataLast === true && own.length > 0) return own;
  return [
    ...metaFaults(metadata, resource.namespaced, strategy.nameRule ?? "subdomain"),
    ...(strategy.anyFinalizers === true ? [] : finalizerDomainFaults(metadata)),
    ...own,
  ];
}
