import type { Access, PathRequest } from "../auth/auth.ts";
import { forbiddenAccess, forbiddenPath, forbiddenRequest } from "../auth/forbidden-access.ts";
import type { RequestInfo, UserInfo } from "../request-info.ts";
import type { Call } from "./call.ts";
import { unauthorized } from "./http-errors.ts";
import type { ServerContext } from "./server-context.ts";

const anonymousName = "system:anonymous";

/**
 * Who asks. A client that brought a certificate of somebody else's is not anonymous but refused, unless it also has a
 * good token (apiserver/pkg/authentication/request/{x509,union}).
 * @throws ApiError Unauthorized
 */
export function authenticate(context: ServerContext, { exchange }: Call): UserInfo {
  const { certificate } = exchange.peer;
  const proofs = {
    certificate: certificate?.verified === true ? certificate : undefined,
    authorization: exchange.header("authorization"),
  };
  try {
    const user = context.authenticator.authenticate(proofs);
    const isAnonymous = user.name === anonymousName;
    if (isAnonymous && certificate?.verified === false) throw unauthorized();
    // Strangers get no connection to keep (apiserver/pkg/endpoints/filters/authentication.go).
    if (isAnonymous && exchange.httpVersion === 2) exchange.leave();
    return user;
  } catch (error) {
    if (exchange.httpVersion === 2) exchange.leave();
    throw error;
  }
}

/** Members are never refused for the number of requests. */
export function isPrivileged({ groups }: UserInfo): boolean {
  return groups.includes("system:masters");
}

/** @throws ApiError Forbidden */
export function authorize({ authorizer }: ServerContext, info: RequestInfo): void {
  const decision = authorizer.authorize(info);
  if (!decision.allowed) throw forbiddenRequest(info, decision.reason);
}

/** For what is no resource of this server. @throws ApiError Forbidden */
export function authorizeUnknown({ authorizer }: ServerContext, access: Access): void {
  const decision = authorizer.authorizeAccess(access);
  if (!decision.allowed) throw forbiddenAccess(access, decision.reason);
}

/** @throws ApiError Forbidden */
export function authorizePath({ authorizer }: ServerContext, request: PathRequest): void {
  const decision = authorizer.authorizePath(request);
  if (!decision.allowed) throw forbiddenPath(request, decision.reason);
}
