import { ApiError, type StatusCause } from "../api-error.ts";
import type { KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { badRequest, notFound } from "../status-errors.ts";
import type { Store } from "../store/store.ts";
import { timeText } from "../verbs/time-text.ts";
import { findObject, known } from "./known-resources.ts";
import type { TokenIssuer, TokenSubject } from "./token-issuer.ts";

/** What a token is bound to beside its service account. */
type BoundObjects = Pick<TokenSubject, "pod" | "node" | "secret">;

const unbound: BoundObjects = { pod: undefined, node: undefined, secret: undefined };

/** authentication.k8s.io/v1 BoundObjectReference. */
interface BoundObjectRef {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
}

interface TokenRequestSpec {
  readonly audiences?: readonly string[] | null;
  /** client-go writes null where it has none. */
  readonly expirationSeconds?: number | null;
  readonly boundObjectRef?: BoundObjectRef | null;
}

const minExpirationSeconds = 10 * 60;
const maxExpirationSeconds = 2 ** 32;

function invalidRequest(name: string, field: string, value: number | string, why: string): ApiError {
  const shown = typeof value === "string" ? JSON.stringify(value) : value;
  const cause: StatusCause = { reason: "FieldValueInvalid", message: `Invalid value: ${shown}: ${why}`, field };
  const text = `TokenRequest.authentication.k8s.io ${JSON.stringify(name)} is invalid: ${field}: ${cause.message}`;
  const details = {
    ...(name !== "" && { name }),
    group: "authentication.k8s.io",
    kind: "TokenRequest",
    causes: [cause],
  };
  return new ApiError("Invalid", text, details);
}

/** @param qualified kind, with its group if there is one */
function conflicting(group: string, kind: string, name: string, why: string): ApiError {
  const qualified = group === "" ? kind : `${kind}.${group}`;
  const details = { name, ...(group !== "" && { group }), kind };
  return new ApiError("Conflict", `Operation cannot be fulfilled on ${qualified} "${name}": ${why}`, details);
}

function checkExpiration(seconds: number): void {
  const field = "spec.expirationSeconds";
  if (seconds < minExpirationSeconds) {
    throw invalidRequest("", field, seconds, "may not specify a duration less than 10 minutes");
  }
  if (seconds > maxExpirationSeconds) {
    throw invalidRequest("", field, seconds, "may not specify a duration larger than 2^32 seconds");
  }
}

function mustFind(store: Store, resource: ResourceInfo | undefined, namespace: string, name: string): KubeObject {
  const object = findObject(store, resource, namespace, name);
  if (object !== undefined) return object;
  if (resource === undefined) throw badRequest(`this server has nothing that "${name}" could name`);
  throw notFound(resource, name);
}

function boundPod(store: Store, pod: KubeObject, serviceAccount: string): BoundObjects {
  const { serviceAccountName, nodeName = "" } = pod["spec"] as { serviceAccountName?: string; nodeName?: string };
  if (serviceAccountName !== serviceAccount) {
    throw badRequest(
      `cannot bind token for serviceaccount "${serviceAccount}" to pod running with different serviceaccount name.`,
    );
  }
  if (nodeName === "") return { ...unbound, pod };
  // Of a node that is gone, the name alone is told.
  const node = findObject(store, known.nodes, "", nodeName) ?? {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: nodeName },
  };
  return { ...unbound, pod, node };
}

function groupVersionKind(apiVersion: string, kind: string): string {
  const slash = apiVersion.indexOf("/");
  return `${apiVersion.slice(0, Math.max(0, slash))}/${apiVersion.slice(slash + 1)}, Kind=${kind}`;
}

function boundObjects(store: Store, ref: BoundObjectRef, { namespace, name }: RequestInfo): BoundObjects {
  const { apiVersion = "", kind = "", name: boundName = "", uid } = ref;
  const core = apiVersion.includes("/") ? "" : kind;
  let object: KubeObject;
  let bound: BoundObjects;
  switch (core) {
    case "Pod":
      object = mustFind(store, known.pods, namespace, boundName);
      bound = boundPod(store, object, name);
      break;
    case "Secret":
      object = mustFind(store, known.secrets, namespace, boundName);
      bound = { ...unbound, secret: object };
      break;
    case "Node":
      object = mustFind(store, known.nodes, "", boundName);
      bound = { ...unbound, node: object };
      break;
    default:
      throw badRequest(`cannot bind token to object of type ${groupVersionKind(apiVersion, kind)}`);
  }
  if (uid === undefined || uid === "" || uid === object.metadata.uid) return bound;
  const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
  throw conflicting("", kind, boundName, why);
}

/** What the body says of itself must be what the path says. */
function checkNames({ metadata }: KubeObject, { namespace, name }: RequestInfo): void {
  if ((metadata.name ?? name) !== name && metadata.name !== "") {
    throw invalidRequest(
      name,
      "metadata.name",
      metadata.name ?? "",
      "must match the service account name if specified",
    );
  }
  if ((metadata.namespace ?? namespace) !== namespace && metadata.namespace !== "") {
    const why = "must match the service account namespace if specified";
    throw invalidRequest(name, "metadata.namespace", metadata.namespace ?? "", why);
  }
}

/**
 * POST of serviceaccounts/NAME/token (pkg/registry/core/serviceaccount/storage/token.go), after mutating admission.
 * @param body the TokenRequest as sent; only spec and names are looked at
 * @returns the TokenRequest with its status; nothing is stored
 * @throws ApiError as the real server does
 */
export function createToken(
  issuer: TokenIssuer,
  store: Store,
  info: RequestInfo,
  body: KubeObject,
  nowMs: number,
): KubeObject {
  checkNames(body, info);
  const serviceAccount = mustFind(store, known.serviceaccounts, info.namespace, info.name);
  const { uid = "" } = serviceAccount.metadata;
  const asked = body.metadata.uid ?? "";
  if (asked !== "" && asked !== uid) {
    const why = `the UID in the token request (${asked}) does not match the UID of the service account (${uid})`;
    throw conflicting("authentication.k8s.io", "TokenRequest", info.name, why);
  }
  const {
    audiences: wanted,
    expirationSeconds: askedSeconds,
    boundObjectRef,
  } = (body["spec"] ?? {}) as TokenRequestSpec;
  const audiences = wanted ?? [];
  // pkg/apis/authentication/v1/defaults.go
  const expirationSeconds = askedSeconds ?? 60 * 60;
  checkExpiration(expirationSeconds);
  const bound = boundObjectRef ? boundObjects(store, boundObjectRef, info) : unbound;
  const token = issuer.issue({ serviceAccount, audiences, expirationSeconds, ...bound });
  return {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: {
      ...body.metadata,
      name: info.name,
      namespace: info.namespace,
      uid,
      creationTimestamp: timeText(nowMs),
    },
    spec: {
      audiences: audiences.length === 0 ? issuer.audiences : audiences,
      expirationSeconds,
      boundObjectRef: boundObjectRef ?? null,
    },
    // What was asked for, though the token may live longer: kubelets renew it in time.
    status: { token, expirationTimestamp: timeText(nowMs + expirationSeconds * 1000) },
  };
}
