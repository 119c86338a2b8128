import type { KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import { mutateByAdmission } from "./admit.ts";
import type { WriteOptions, WriteResult } from "./api.ts";
import type { ApiContext } from "./api-context.ts";
import { storeNewObject, wipeSystemFields } from "./create-object.ts";
import { fromStored, toStored } from "./event-forms.ts";
import { checkBody, dedupOwners, ensureNamespace } from "./request-body.ts";

/** POST of an object to its collection (endpoints/handlers/create.go). The body is taken over and changed. */
export function createObject(
  context: ApiContext,
  info: RequestInfo,
  body: KubeObject,
  { dryRun = false }: WriteOptions,
): WriteResult {
  checkBody(info, body);
  const object = toStored(info.resource, body);
  context.strategyFor(info.resource).defaults?.(object);
  wipeSystemFields(object);
  ensureNamespace(info, object);
  const warnings = dedupOwners(object);
  mutateByAdmission(context, { info, operation: "CREATE", object, old: undefined, dryRun });
  warnings.push(...dedupOwners(object, "after mutating admission happens"));
  const stored = storeNewObject(context, info, object, dryRun);
  return { object: fromStored(info.resource, stored), httpCode: 201, warnings };
}
