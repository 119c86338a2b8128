import type { KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import type { WriteOptions, WriteResult } from "./api.ts";
import type { ApiContext } from "./api-context.ts";
import { changeObject } from "./change-object.ts";
import { fromStored, toStored } from "./event-forms.ts";
import { partStrategy } from "./part-strategy.ts";
import { checkBody, checkName, dedupOwners, ensureNamespace } from "./request-body.ts";

/** PUT of an object or one of its parts (endpoints/handlers/update.go). The body is taken over and changed. */
export function updateObject(
  context: ApiContext,
  info: RequestInfo,
  body: KubeObject,
  { dryRun = false }: WriteOptions,
): WriteResult {
  checkBody(info, body);
  const { resource } = info;
  const object = toStored(resource, body);
  const strategy = context.strategyFor(resource);
  strategy.defaults?.(object);
  ensureNamespace(info, object);
  checkName(info, object);
  const warnings = dedupOwners(object);
  const changed = changeObject(context, {
    info,
    uid: object.metadata.uid || undefined,
    strategy: partStrategy(strategy, info),
    dryRun,
    allowCreate: info.subresource === "" && strategy.allowCreateOnUpdate === true,
    make: () => object,
  });
  const httpCode = changed.created ? 201 : 200;
  return { object: fromStored(resource, changed.object), httpCode, warnings: [...warnings, ...changed.warnings] };
}
