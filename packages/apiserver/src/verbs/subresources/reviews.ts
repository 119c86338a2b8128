import { ApiError } from "../../api-error.ts";
import { reviewAccess, reviewSelf, reviewToken } from "../../auth/access-reviews.ts";
import type { KubeObject } from "../../object.ts";
import type { RequestInfo } from "../../request-info.ts";
import type { WriteResult } from "../api.ts";
import type { ApiContext } from "../api-context.ts";
import { checkBody } from "../request-body.ts";

/** Groups whose resources are questions: nothing is stored, the answer is in the status. */
export function isReview({ resource }: RequestInfo): boolean {
  return resource.group === "authentication.k8s.io" || resource.group === "authorization.k8s.io";
}

/** POST of a TokenReview, a SelfSubjectReview or an access review. */
export function review(context: ApiContext, info: RequestInfo, body: KubeObject): WriteResult {
  checkBody(info, body);
  return { object: answer(context, info, body), httpCode: 201 };
}

function answer({ access, tokenIssuer }: ApiContext, { resource, user }: RequestInfo, body: KubeObject): KubeObject {
  if (resource.resource === "selfsubjectreviews") return reviewSelf(user, body);
  if (access === undefined) throw new ApiError("NotFound", "the server could not find the requested resource");
  if (resource.resource !== "tokenreviews") return reviewAccess(access.authorizer, user, body);
  return reviewToken((token) => access.userOfToken(token), tokenIssuer?.audiences ?? [], body);
}
