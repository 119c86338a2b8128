import type { RequestInfo, UserInfo } from "../request-info.ts";

/** What authentication has to go by. */
export interface Proofs {
  /** Subject of the verified client certificate. */
  readonly certificate: { readonly commonName: string; readonly organizations: readonly string[] } | undefined;
  /** The header's value, e.g. "Bearer …". */
  readonly authorization: string | undefined;
}

/** Tells who asks. */
export interface Authenticator {
  /** system:anonymous when there are no proofs. @throws ApiError Unauthorized for wrong ones */
  authenticate(proofs: Proofs): UserInfo;
}

/** A request outside the resources, e.g. GET /metrics. */
export interface PathRequest {
  /** The method in small letters, e.g. get */
  readonly verb: string;
  readonly path: string;
  readonly user: UserInfo;
}

/** `allowed`, or why not in the words of the authorizer. */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/**
 * What a user wants to do, in the words of RBAC: all that an authorizer looks at. Unlike a RequestInfo it can name what is
 * no resource of this server, e.g. verb "impersonate" on "users".
 */
export interface Access {
  readonly user: UserInfo;
  readonly verb: string;
  /** "" for the core group. */
  readonly group: string;
  /** Plural, e.g. "pods". */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly fieldSelector?: string | undefined;
}

/** Says what a user may do. */
export interface Authorizer {
  authorize(request: RequestInfo): Decision;
  authorizePath(request: PathRequest): Decision;
}

/** Also answers for what is not a request of its own: impersonation, access reviews. */
export interface AccessAuthorizer extends Authorizer {
  authorizeAccess(access: Access): Decision;
}
