import { createHash } from "node:crypto";
import type { ResourceInfo } from "../../resources/resource-info.ts";
import { type Answer, encodedAnswer } from "../answer.ts";
import { notServed, wrongMethod } from "../http-errors.ts";
import { type AcceptClause, parseAccept } from "../negotiation/accept.ts";
import { negotiateStatus } from "../negotiation/negotiate.ts";
import type { PageRequest } from "../server-context.ts";
import {
  apiGroupDocument,
  apiGroupList,
  apiResourceList,
  apiVersions,
  groupDiscoveryList,
  type ServedVersion,
  servedVersions,
} from "./documents.ts";

/** Answers what /api and /apis and the groups below them serve. */
export interface Discovery {
  /** Of all documents. */
  readonly paths: readonly string[];
  /** @throws ApiError MethodNotAllowed; NotFound for another version of a group that is served */
  answer(request: PageRequest): Answer | undefined;
}

/** @param serverAddress host and port */
export function createDiscovery(resources: readonly ResourceInfo[], serverAddress: string): Discovery {
  const served = servedVersions(resources);
  const core = served.filter(({ group }) => group === "");
  const named = served.filter(({ group }) => group !== "");
  const plain = new Map<string, object>([
    ["/api", apiVersions(serverAddress)],
    ["/apis", apiGroupList(named)],
    ...core.map((own) => [`/api/${own.version}`, apiResourceList(own)] as const),
    ...named.map((own) => [`/apis/${own.group}/${own.version}`, apiResourceList(own)] as const),
    ...named.map(({ group }) => [`/apis/${group}`, apiGroupDocument(group, named) ?? {}] as const),
  ]);
  const aggregated = new Map([
    ["/api", aggregatedDocument(core)],
    ["/apis", aggregatedDocument(named)],
  ]);
  return {
    paths: [...plain.keys()],
    answer(request) {
      const path = request.path.replace(/\/$/, "");
      const document = plain.get(path);
      if (document === undefined) {
        const parent = path.slice(0, path.lastIndexOf("/"));
        if (parent !== "" && parent !== "/apis" && plain.has(parent)) throw notServed();
        return undefined;
      }
      if (request.method !== "GET") throw wrongMethod();
      const whole = wantsAggregated(request.negotiation.accept) ? aggregated.get(path) : undefined;
      return whole === undefined ? jsonAnswer(document, request) : aggregatedAnswer(whole, request);
    },
  };
}

/** Discovery is small and rare, and every client takes JSON: it is written in nothing else. */
function jsonAnswer(document: object, { negotiation }: PageRequest): Answer {
  const { pretty } = negotiateStatus(negotiation);
  return encodedAnswer(200, Buffer.from(JSON.stringify(document)), { encoding: "json", conversion: undefined, pretty });
}

interface AggregatedDocument {
  readonly body: Uint8Array;
  readonly etag: string;
}

function aggregatedDocument(served: readonly ServedVersion[]): AggregatedDocument {
  const body = Buffer.from(JSON.stringify(groupDiscoveryList(served)));
  const hash = createHash("sha512").update(body).digest("hex").toUpperCase();
  return { body, etag: `"${hash}"` };
}

/** Clauses that do not name the aggregated document do not count (endpoints/discovery/aggregated/negotiation.go). */
function wantsAggregated(accept: string | undefined): boolean {
  return parseAccept(accept ?? "").some((clause) => {
    const { parameters } = clause;
    const isKind = parameters.get("as") === "APIGroupDiscoveryList" && parameters.get("v") === "v2";
    return isKind && parameters.get("g") === "apidiscovery.k8s.io" && takesJson(clause);
  });
}

function takesJson({ type, subtype }: AcceptClause): boolean {
  return (type === "*" || type === "application") && (subtype === "*" || subtype === "json");
}

const aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

function aggregatedAnswer({ body, etag }: AggregatedDocument, request: PageRequest): Answer {
  const shared = { etag, vary: "Accept", "cache-control": "public" };
  if (request.header("if-none-match") === etag) return { httpCode: 304, headers: shared, body: undefined };
  const representation = { encoding: "json", conversion: undefined, pretty: false } as const;
  return encodedAnswer(200, body, representation, { ...shared, "content-type": aggregatedType });
}
