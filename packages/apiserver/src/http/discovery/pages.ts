import type { OpenApiDocument } from "../../openapi/open-api.ts";
import { openApiDocument } from "../../openapi/open-api-document.ts";
import type { ResourceInfo } from "../../resources/resource-info.ts";
import { type Answer, encodedAnswer, textAnswer } from "../answer.ts";
import { wrongMethod } from "../http-errors.ts";
import type { PageRequest } from "../server-context.ts";
import { createDiscovery, type Discovery } from "./discovery.ts";
import { type HealthChecks, healthAnswer } from "./health.ts";
import { serverVersion } from "./server-version.ts";

export interface PagesOptions {
  readonly resources: readonly ResourceInfo[];
  /** Host and port, for /api. */
  readonly serverAddress: () => string;
  readonly health: HealthChecks;
  readonly metricsText: () => string;
  readonly nowMs: () => number;
}

/** All that is served outside the resources. */
export function createPages(options: PagesOptions): (request: PageRequest) => Answer | undefined {
  let made: Discovery | undefined;
  // The server's address is known once it listens.
  const discovery = (): Discovery => (made ??= createDiscovery(options.resources, options.serverAddress()));
  const single: Readonly<Record<string, () => Answer>> = {
    "/": () => jsonAnswer({ paths: [...otherPaths, ...discovery().paths].sort() }),
    "/version": () => jsonAnswer(serverVersion()),
    "/version/": () => jsonAnswer(serverVersion()),
    "/metrics": () =>
      textAnswer(200, options.metricsText(), { "content-type": "text/plain; version=0.0.4; charset=utf-8" }),
  };
  return (request) => {
    const health = healthAnswer(options.health, request);
    if (health !== undefined) return health;
    const page = Object.hasOwn(single, request.path) ? single[request.path] : undefined;
    if (page !== undefined) return readOnly(request, page());
    const document = openApiDocument(request.path);
    if (document !== undefined) return readOnly(request, openApiAnswer(document, request, options.nowMs()));
    return discovery().answer(request);
  };
}

const otherPaths = ["/healthz", "/livez", "/metrics", "/openapi/v3", "/readyz", "/version"];

function readOnly({ method }: PageRequest, answer: Answer): Answer {
  if (method !== "GET" && method !== "HEAD") throw wrongMethod();
  return answer;
}

/** Indented, as writers.go, WriteRawJSON. */
function jsonAnswer(document: object): Answer {
  const bytes = Buffer.from(JSON.stringify(document));
  return encodedAnswer(200, bytes, { encoding: "json", conversion: undefined, pretty: true });
}

/** A year: the hash in its URL makes a document unchangeable (kube-openapi, handler3/handler.go). */
const immutableMs = 365 * 24 * 60 * 60 * 1000;

function openApiAnswer(
  { contentType, body, etag, location }: OpenApiDocument,
  request: PageRequest,
  nowMs: number,
): Answer {
  const hash = request.query.first("hash") ?? "";
  if (hash !== "" && location !== undefined && hash !== etag) {
    return { httpCode: 301, headers: { location }, body: undefined };
  }
  const expires = new Date(nowMs + immutableMs).toUTCString();
  const headers = {
    "content-type": contentType,
    etag: `"${etag}"`,
    vary: "Accept",
    ...(hash !== "" && location !== undefined && { "cache-control": "public, immutable", expires }),
  };
  if (request.header("if-none-match") === headers.etag) return { httpCode: 304, headers, body: undefined };
  return { httpCode: 200, headers, body };
}
