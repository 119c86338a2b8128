import { ApiError } from "../../api-error.ts";
import { createToken } from "../../auth/token-request.ts";
import type { KubeObject } from "../../object.ts";
import type { RequestInfo } from "../../request-info.ts";
import { mutateByAdmission, validateByAdmission } from "../admit.ts";
import type { WriteOptions, WriteResult } from "../api.ts";
import type { ApiContext } from "../api-context.ts";
import { checkBody, ensureNamespace } from "../request-body.ts";

/** POST serviceaccounts/NAME/token. */
export function requestToken(
  context: ApiContext,
  info: RequestInfo,
  request: KubeObject,
  { dryRun = false }: WriteOptions,
): WriteResult {
  const { tokenIssuer, store, clock } = context;
  if (tokenIssuer === undefined) throw new ApiError("NotFound", "the server could not find the requested resource");
  checkBody(info, request);
  ensureNamespace(info, request);
  const admitted = { info, operation: "CREATE", object: request, old: undefined, dryRun } as const;
  mutateByAdmission(context, admitted);
  validateByAdmission(context, admitted);
  return { object: createToken(tokenIssuer, store, info, request, clock.nowMs()), httpCode: 201 };
}
