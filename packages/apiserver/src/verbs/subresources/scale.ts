import type { KubeObject } from "../../object.ts";
import type { PatchType } from "../../patch/patch.ts";
import type { RequestInfo } from "../../request-info.ts";
import type { ResourceInfo } from "../../resources/resource-info.ts";
import { conflict, invalid, notFound } from "../../status-errors.ts";
import { invalid as invalidField } from "../../strategies/validation/field-error.ts";
import type { WriteOptions, WriteResult } from "../api.ts";
import type { ApiContext } from "../api-context.ts";
import { changeObject } from "../change-object.ts";
import { cloneJson, members } from "../json-value.ts";
import { metaFaults } from "../meta-faults.ts";
import { patchedObject } from "../patched-object.ts";
import { checkBody, checkName, ensureNamespace } from "../request-body.ts";
import { scaleOf } from "./scale-object.ts";

/** PUT of a Scale: changes spec.replicas of the workload as an update of the workload would. */
export function updateScale(
  context: ApiContext,
  info: RequestInfo,
  scale: KubeObject,
  options: WriteOptions,
): WriteResult {
  checkScale(info, scale);
  return changeScale(context, info, scale.metadata.uid || undefined, () => scale, options);
}

/** PATCH of a Scale. */
export function patchScale(
  context: ApiContext,
  info: RequestInfo,
  type: PatchType,
  patch: Uint8Array,
  options: WriteOptions,
): WriteResult {
  const warnings: string[] = [];
  const make = (old: KubeObject): KubeObject => {
    const scale = patchedObject(type, scaleOf(info.resource, old), patch, options, warnings);
    checkScale(info, scale);
    return scale;
  };
  return { ...changeScale(context, info, undefined, make, options), warnings };
}

function checkScale(info: RequestInfo, scale: KubeObject): void {
  checkBody(info, scale);
  ensureNamespace(info, scale);
  checkName(info, scale);
}

function changeScale(
  context: ApiContext,
  info: RequestInfo,
  uid: string | undefined,
  makeScale: (old: KubeObject) => KubeObject,
  { dryRun = false }: WriteOptions,
): WriteResult {
  const { resource } = info;
  const make = (old: KubeObject | undefined): KubeObject => {
    if (old === undefined) throw notFound(resource, info.name);
    return scaled(resource, old, makeScale(old));
  };
  const { object } = changeObject(context, {
    info,
    uid,
    strategy: context.strategyFor(resource),
    dryRun,
    allowCreate: false,
    make,
    view: (workload) => scaleOf(resource, workload),
  });
  return { object: scaleOf(resource, object), httpCode: 200 };
}

/** The workload with the replicas of a Scale (scaleUpdatedObjectInfo in pkg/registry/apps/deployment/storage/storage.go). */
function scaled(resource: ResourceInfo, old: KubeObject, scale: KubeObject): KubeObject {
  const { name = "", uid } = old.metadata;
  const replicas = Number(members(scale["spec"])["replicas"] ?? 0);
  const faults = metaFaults(scale.metadata, true, "subdomain");
  if (replicas < 0) faults.push(invalidField("spec.replicas", replicas, "must be greater than or equal to 0"));
  if (faults.length > 0) throw invalid({ ...resource, group: "autoscaling", kind: "Scale" }, name, faults);
  const wanted = scale.metadata.uid ?? "";
  if (wanted !== "" && wanted !== uid) {
    const why = `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${uid}`;
    throw conflict({ ...resource, resource: `${resource.resource}/scale` }, name, why);
  }
  const workload = cloneJson(old);
  // Empty: whatever the version is.
  workload.metadata.resourceVersion = scale.metadata.resourceVersion ?? "";
  workload["spec"] = { ...members(workload["spec"]), replicas };
  return workload;
}
