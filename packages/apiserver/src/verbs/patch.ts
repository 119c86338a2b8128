import type { KubeObject } from "../object.ts";
import type { PatchType } from "../patch/patch.ts";
import type { RequestInfo } from "../request-info.ts";
import { notFound } from "../status-errors.ts";
import type { WriteOptions, WriteResult } from "./api.ts";
import type { ApiContext } from "./api-context.ts";
import { changeObject } from "./change-object.ts";
import { fromStored, toStored } from "./event-forms.ts";
import { partStrategy } from "./part-strategy.ts";
import { patchedObject } from "./patched-object.ts";
import { checkBody, checkName, ensureNamespace } from "./request-body.ts";

/**
 * PATCH of an object or one of its parts (endpoints/handlers/patch.go). It is applied to the latest state, so that only a
 * resourceVersion in the patch itself can conflict.
 */
export function patchObject(
  context: ApiContext,
  info: RequestInfo,
  type: PatchType,
  patch: Uint8Array,
  options: WriteOptions,
): WriteResult {
  const { resource } = info;
  const strategy = context.strategyFor(resource);
  const warnings: string[] = [];
  const make = (old: KubeObject | undefined): KubeObject => {
    if (old === undefined) throw notFound(resource, info.name);
    const patched = patchedObject(type, fromStored(resource, old), patch, options, warnings);
    checkBody(info, patched);
    const object = toStored(resource, patched);
    strategy.defaults?.(object);
    ensureNamespace(info, object);
    checkName(info, object);
    return object;
  };
  const changed = changeObject(context, {
    info,
    uid: undefined,
    strategy: partStrategy(strategy, info),
    dryRun: options.dryRun === true,
    allowCreate: false,
    make,
  });
  return { object: fromStored(resource, changed.object), httpCode: 200, warnings: [...warnings, ...changed.warnings] };
}
