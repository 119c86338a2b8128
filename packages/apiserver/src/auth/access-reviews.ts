import { ApiError, type StatusCause } from "../api-error.ts";
import type { KubeObject } from "../object.ts";
import type { UserInfo } from "../request-info.ts";
import { badRequest } from "../status-errors.ts";
import type { Access, AccessAuthorizer, Decision } from "./auth.ts";

/** authorization.k8s.io/v1 SubjectAccessReviewSpec, that of the other reviews included. */
interface ReviewSpec {
  readonly resourceAttributes?: Readonly<Partial<Record<keyof Access, string>>>;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

function subjectOf({ user = "", groups = [], uid, extra }: ReviewSpec): UserInfo {
  return { name: user, groups, ...(uid !== undefined && { uid }), ...(extra !== undefined && { extra }) };
}

function fault(field: string, value: unknown, why: string): StatusCause {
  return { reason: "FieldValueInvalid", message: `Invalid value: ${JSON.stringify(value)}: ${why}`, field };
}

/** pkg/apis/authorization/validation/validation.go. @throws ApiError Invalid */
function checkReview(
  { kind }: KubeObject,
  { resourceAttributes, nonResourceAttributes, user = "", groups = [] }: ReviewSpec,
): void {
  const causes: StatusCause[] = [];
  if (resourceAttributes !== undefined && nonResourceAttributes !== undefined) {
    const why = "cannot be specified in combination with resourceAttributes";
    causes.push(fault("spec.nonResourceAttributes", nonResourceAttributes, why));
  }
  if (resourceAttributes === undefined && nonResourceAttributes === undefined) {
    const why = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
    causes.push(fault("spec.resourceAttributes", null, why));
  }
  if (kind !== "SelfSubjectAccessReview" && user === "" && groups.length === 0) {
    causes.push(fault("spec.user", user, "at least one of user or group must be specified"));
  }
  if (causes.length === 0) return;
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  const group = "authorization.k8s.io";
  // The real server does not name the kind here.
  throw new ApiError("Invalid", `.${group} "" is invalid: ${list}`, { group, causes });
}

function decide(authorizer: AccessAuthorizer, spec: ReviewSpec, user: UserInfo): Decision {
  const { resourceAttributes, nonResourceAttributes } = spec;
  if (nonResourceAttributes !== undefined) {
    const { path = "", verb = "" } = nonResourceAttributes;
    return authorizer.authorizePath({ user, path, verb });
  }
  const {
    verb = "",
    group = "",
    resource = "",
    subresource = "",
    namespace = "",
    name = "",
  } = resourceAttributes ?? {};
  return authorizer.authorizeAccess({ user, verb, group, resource, subresource, namespace, name });
}

/**
 * POST of a SelfSubjectAccessReview, SubjectAccessReview or LocalSubjectAccessReview: may somebody do something?
 * @param user who asks; whom the answer is about in a SelfSubjectAccessReview
 * @throws ApiError Invalid
 */
export function reviewAccess(authorizer: AccessAuthorizer, user: UserInfo, review: KubeObject): KubeObject {
  const spec = (review["spec"] ?? {}) as ReviewSpec;
  checkReview(review, spec);
  const subject = review.kind === "SelfSubjectAccessReview" ? user : subjectOf(spec);
  const decision = decide(authorizer, spec, subject);
  const status = {
    allowed: decision.allowed,
    ...(!decision.allowed && decision.reason !== "" && { reason: decision.reason }),
  };
  return { ...review, status };
}

/** authentication.k8s.io/v1 UserInfo. */
function userStatus({ name, uid, groups, extra }: UserInfo): object {
  return {
    username: name,
    ...(uid !== undefined && { uid }),
    groups,
    ...(extra !== undefined && Object.keys(extra).length > 0 && { extra }),
  };
}

/** POST of a SelfSubjectReview: who am I? */
export function reviewSelf(user: UserInfo, review: KubeObject): KubeObject {
  return { ...review, status: { userInfo: userStatus(user) } };
}

/**
 * POST of a TokenReview: whose token is this?
 * @param userOfToken of the authenticator
 * @param ownAudiences of this server; tokens for others are not accepted
 */
export function reviewToken(
  userOfToken: (token: string) => UserInfo | undefined,
  ownAudiences: readonly string[],
  review: KubeObject,
): KubeObject {
  const { token = "", audiences = ownAudiences } = (review["spec"] ?? {}) as {
    token?: string;
    audiences?: readonly string[];
  };
  if (token === "") throw badRequest("token is required for TokenReview in authentication");
  const isForUs = audiences.some((audience) => ownAudiences.includes(audience));
  const user = isForUs ? userOfToken(token) : undefined;
  if (user === undefined) return { ...review, status: { user: {}, error: "[invalid bearer token]" } };
  const accepted = audiences.filter((audience) => ownAudiences.includes(audience));
  return { ...review, status: { authenticated: true, user: userStatus(user), audiences: accepted } };
}
