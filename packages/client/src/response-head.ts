import type { IncomingHttpHeaders } from "node:http2";
import type { ResponseHead } from "./transport.ts";

export function responseHead(headers: IncomingHttpHeaders): ResponseHead {
  return {
    status: Number(headers[":status"] ?? 0),
    contentType: headers["content-type"] ?? "",
    retryAfterMs: parseRetryAfter(headers["retry-after"]),
    priorityLevelUid: single(headers["x-kubernetes-pf-prioritylevel-uid"]),
    flowSchemaUid: single(headers["x-kubernetes-pf-flowschema-uid"]),
  };
}

/** Whole seconds only: client-go reads no dates here (k8s.io/client-go/rest/with_retry.go, retryAfterSeconds). */
export function parseRetryAfter(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,7}$/.test(value.trim()) ? Number(value) * 1000 : undefined;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
