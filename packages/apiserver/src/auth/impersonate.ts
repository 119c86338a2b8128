import type { RequestInfo, UserInfo } from "../request-info.ts";
import { badRequest } from "../status-errors.ts";
import { accessOf } from "./access.ts";
import type { Access, AccessAuthorizer, PathRequest } from "./auth.ts";
import { forbiddenAccess, forbiddenPath } from "./forbidden-access.ts";
import { isSubdomain, serviceAccountGroups, serviceAccountOf } from "./service-account-user.ts";

// The impersonation of 1.36: apiserver/pkg/endpoints/filters/impersonation. Constrained modes come before the one of old,
// and when none of them allows, the first refusal is told.

type Extra = Readonly<Record<string, readonly string[]>>;

/** Who the headers ask to be, before anything is checked or added. */
interface WantedUser {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Extra;
}

/** How a wish can be granted, and with which verbs. */
interface Mode {
  readonly verb: string;
  /** Of users and groups: constrained modes name them in their own API group. */
  readonly userGroup: string;
  applies(wanted: WantedUser, requestor: UserInfo): boolean;
  /** Asks, beside the rights to impersonate, for the right to do this very request so. */
  readonly constrained: boolean;
}

const extraPrefix = "impersonate-extra-";

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** The text that Go's %#v makes of a user.DefaultInfo. */
function goSyntax({ uid, groups, extra }: WantedUser): string {
  const texts = (list: readonly string[]): string => `{${list.map((text) => JSON.stringify(text)).join(", ")}}`;
  const members = Object.entries(extra).map(([key, values]) => `${JSON.stringify(key)}:[]string${texts(values)}`);
  const shownGroups = groups.length === 0 ? "(nil)" : texts(groups);
  const shownExtra = members.length === 0 ? "(nil)" : `{${members.join(", ")}}`;
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:[]string${shownGroups}, Extra:map[string][]string${shownExtra}}`;
}

/** @param rawHeaders names and values in turn, as Node gives them: a header may come several times */
function wantedUser(rawHeaders: readonly string[]): WantedUser | undefined {
  let name = "";
  let uid = "";
  const groups: string[] = [];
  const extra: Record<string, string[]> = {};
  let isAsked = false;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const header = (rawHeaders[at] ?? "").toLowerCase();
    if (!header.startsWith("impersonate-")) continue;
    const value = rawHeaders[at + 1] ?? "";
    if (header === "impersonate-user") name ||= value;
    else if (header === "impersonate-uid") uid ||= value;
    else if (header === "impersonate-group") groups.push(value);
    else if (header.startsWith(extraPrefix)) {
      const key = unescaped(header.slice(extraPrefix.length));
      extra[key] = [...(extra[key] ?? []), value];
    } else continue;
    isAsked ||= value !== "" || (header !== "impersonate-user" && header !== "impersonate-uid");
  }
  if (!isAsked) return undefined;
  const wanted = { name, uid, groups, extra };
  if (name === "") throw badRequest(`requested ${goSyntax(wanted)} without impersonating a user name`);
  return wanted;
}

const onlyName = ({ uid, groups, extra }: WantedUser): boolean =>
  uid === "" && groups.length === 0 && Object.keys(extra).length === 0;

const nodePrefix = "system:node:";

function nodeNameIn(userName: string): string | undefined {
  const name = userName.startsWith(nodePrefix) ? userName.slice(nodePrefix.length) : "";
  return isSubdomain(name) ? name : undefined;
}

function constrained(mode: string, applies: Mode["applies"]): Mode {
  return { verb: mode, userGroup: "authentication.k8s.io", applies, constrained: true };
}

function isOwnNode({ name }: WantedUser, requestor: UserInfo): boolean {
  const [node, ...others] = requestor.extra?.["authentication.kubernetes.io/node-name"] ?? [];
  const isAccount = serviceAccountOf(requestor.name) !== undefined;
  return isAccount && others.length === 0 && node !== undefined && nodeNameIn(name) === node;
}

const modes: readonly Mode[] = [
  constrained("associated-node", (wanted, requestor) => onlyName(wanted) && isOwnNode(wanted, requestor)),
  constrained("arbitrary-node", (wanted) => onlyName(wanted) && nodeNameIn(wanted.name) !== undefined),
  constrained("serviceaccount", (wanted) => onlyName(wanted) && serviceAccountOf(wanted.name) !== undefined),
  constrained("user-info", ({ name }) => nodeNameIn(name) === undefined && serviceAccountOf(name) === undefined),
  { verb: "impersonate", userGroup: "", applies: () => true, constrained: false },
];

/** One thing that the requestor must be allowed to impersonate. */
type Wish = Pick<Access, "group" | "resource" | "name"> & Partial<Pick<Access, "namespace" | "subresource">>;

function userWish(mode: Mode, { name }: WantedUser): Wish {
  const node = mode.constrained ? nodeNameIn(name) : undefined;
  // Of its own node a service account may know the name, so the right is the same for all of them.
  if (node !== undefined) {
    return { group: mode.userGroup, resource: "nodes", name: mode.verb === "associated-node" ? "*" : node };
  }
  const account = serviceAccountOf(name);
  if (account !== undefined) return { group: mode.userGroup, resource: "serviceaccounts", ...account };
  return { group: mode.userGroup, resource: "users", name };
}

function wishesOf(mode: Mode, wanted: WantedUser): readonly Wish[] {
  const group = "authentication.k8s.io";
  return [
    userWish(mode, wanted),
    ...(wanted.uid === "" ? [] : [{ group, resource: "uids", name: wanted.uid }]),
    ...wanted.groups.map((name) => ({ group: mode.userGroup, resource: "groups", name })),
    ...Object.entries(wanted.extra).flatMap(([key, values]) =>
      values.map((name) => ({ group, resource: "userextras", subresource: key, name })),
    ),
  ];
}

/** A key as extras of users should have: small letters, a domain and a path in it. */
const extraKey = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/[a-z0-9%!$&'()*+,;=:@._~/-]+$/;

/** What no right can allow in a constrained mode; "" if nothing. */
function alwaysRefused(mode: Mode, { resource, subresource = "", name }: Wish): string {
  if (!mode.constrained) return "";
  if (resource === "userextras") {
    if (!extraKey.test(subresource)) return "impersonating an invalid key in extra is not allowed";
    return name === "" ? "impersonating the empty string value in extra is not allowed" : "";
  }
  if (resource !== "groups") return "";
  if (name === "") return "impersonating the empty string group is not allowed";
  return name === "system:masters" ? "impersonating the system:masters group is not allowed" : "";
}

function requireAll(authorizer: AccessAuthorizer, mode: Mode, wanted: WantedUser, requestor: UserInfo): void {
  const verb = mode.constrained ? `impersonate:${mode.verb}` : mode.verb;
  for (const wish of wishesOf(mode, wanted)) {
    const access: Access = { user: requestor, verb, subresource: "", namespace: "", ...wish };
    const refused = alwaysRefused(mode, wish);
    if (refused !== "") throw forbiddenAccess(access, refused);
    const decision = authorizer.authorizeAccess(access);
    if (!decision.allowed) throw forbiddenAccess(access, decision.reason);
  }
}

/** The right to do the request itself in this mode. */
function requireRequest(authorizer: AccessAuthorizer, mode: Mode, request: RequestInfo | PathRequest): void {
  const verb = `impersonate-on:${mode.verb}:${request.verb}`;
  if ("path" in request) {
    const asked = { ...request, verb };
    const decision = authorizer.authorizePath(asked);
    if (!decision.allowed) throw forbiddenPath(asked, decision.reason);
    return;
  }
  const access = { ...accessOf(request), verb };
  const decision = authorizer.authorizeAccess(access);
  if (!decision.allowed) throw forbiddenAccess(access, decision.reason);
}

function userMade(mode: Mode, { name, uid, groups, extra }: WantedUser): UserInfo {
  const account = groups.length === 0 ? serviceAccountOf(name) : undefined;
  const isNode = mode.constrained && nodeNameIn(name) !== undefined;
  const given = isNode ? ["system:nodes"] : account === undefined ? groups : serviceAccountGroups(account.namespace);
  const added = name === "system:anonymous" ? "system:unauthenticated" : "system:authenticated";
  const isComplete = given.includes(added) || given.includes("system:unauthenticated");
  return {
    name,
    groups: isComplete ? given : [...given, added],
    ...(uid !== "" && { uid }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

/** In which mode each user was last granted a wish: it is tried first, and shows where a wish could be granted in two. */
const lastModes = new WeakMap<AccessAuthorizer, Map<string, Mode>>();
const rememberedUsers = 10_000;

function lastModesOf(authorizer: AccessAuthorizer): Map<string, Mode> {
  const known = lastModes.get(authorizer) ?? new Map<string, Mode>();
  lastModes.set(authorizer, known);
  return known;
}

function remember(last: Map<string, Mode>, user: string, mode: Mode): void {
  last.delete(user);
  last.set(user, mode);
  const [oldest] = last.keys();
  if (last.size > rememberedUsers && oldest !== undefined) last.delete(oldest);
}

/**
 * Who a request counts as coming from: the user of its Impersonate-… headers if it has them, else the one who sent it.
 * @param rawHeaders names and values in turn, as Node's `rawHeaders`
 * @param request as it was sent; its `user` is who asks to be someone else
 * @throws ApiError BadRequest for headers without a user; Forbidden if the user may not
 */
export function impersonate(
  rawHeaders: readonly string[],
  request: RequestInfo | PathRequest,
  authorizer: AccessAuthorizer,
): UserInfo {
  const wanted = wantedUser(rawHeaders);
  if (wanted === undefined) return request.user;
  const last = lastModesOf(authorizer);
  const tried = last.get(request.user.name);
  const order = tried === undefined ? modes : [tried, ...modes.filter((mode) => mode !== tried)];
  let first: unknown;
  for (const mode of order) {
    if (!mode.applies(wanted, request.user)) continue;
    try {
      if (mode.constrained) requireRequest(authorizer, mode, request);
      requireAll(authorizer, mode, wanted, request.user);
      if (mode !== tried) remember(last, request.user.name, mode);
      return userMade(mode, wanted);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}
