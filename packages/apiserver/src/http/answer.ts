import { gzip } from "node:zlib";
import type { ApiError, StatusObject } from "../api-error.ts";
import { encodeTyped, finishBody } from "./negotiation/encode.ts";
import {
  contentTypes,
  type NegotiationRequest,
  negotiateStatus,
  type Representation,
} from "./negotiation/negotiate.ts";
import type { ResponseHeaders } from "./transport/exchange.ts";

/** A whole answer, not yet sent. */
export interface Answer {
  readonly httpCode: number;
  readonly headers: ResponseHeaders;
  readonly body: Uint8Array | undefined;
}

/** @param bytes as the encoder gives them */
export function encodedAnswer(
  httpCode: number,
  bytes: Uint8Array,
  { encoding, pretty }: Representation,
  headers: ResponseHeaders = {},
): Answer {
  const body = finishBody(bytes, encoding, pretty);
  return { httpCode, headers: { "content-type": contentTypes[encoding], ...headers }, body };
}

export function statusAnswer(status: StatusObject, httpCode: number, negotiation: NegotiationRequest): Answer {
  const representation = negotiateStatus(negotiation);
  return encodedAnswer(httpCode, encodeTyped(status, representation.encoding), representation);
}

/** As responsewriters/errors.go and writers.go send it. */
export function errorAnswer(error: ApiError, negotiation: NegotiationRequest): Answer {
  const { httpCode, headers, body } = statusAnswer(error.status(), error.httpCode, negotiation);
  const retryAfterS = error.details?.retryAfterSeconds ?? 0;
  return {
    httpCode,
    headers: {
      ...headers,
      ...warningHeaders(error.warnings),
      ...(error.code === "Forbidden" && { "x-content-type-options": "nosniff" }),
      ...(retryAfterS > 0 && { "retry-after": String(retryAfterS) }),
    },
    body,
  };
}

/** As Go's http.Error and its likes. */
export function textAnswer(httpCode: number, text: string, headers: ResponseHeaders = {}): Answer {
  return {
    httpCode,
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff", ...headers },
    body: Buffer.from(text),
  };
}

export function pageNotFound(): Answer {
  return textAnswer(404, "404 page not found\n");
}

/** The real server leaves shorter bodies as they are (handlers/responsewriters/writers.go). */
const gzipThresholdBytes = 128 * 1024;

/** Compressed, if that was asked for and is worth it. Compression happens outside this thread. */
export function compressed(answer: Answer, acceptEncoding: string | undefined): Answer | Promise<Answer> {
  const { body } = answer;
  if (body === undefined || body.length <= gzipThresholdBytes || acceptEncoding === undefined) return answer;
  if (!acceptEncoding.split(",").some((token) => token.trim() === "gzip")) return answer;
  return new Promise((resolve, reject) => {
    gzip(body, { level: 1 }, (error, zipped) => {
      if (error !== null) return reject(error);
      const headers = { ...answer.headers, "content-encoding": "gzip", vary: "Accept-Encoding" };
      resolve({ ...answer, headers, body: zipped });
    });
  });
}

/** Beyond this many characters warnings are cut short, or left out (endpoints/filters/warning.go). */
const maxWarningLength = 4 * 1024;
const cutWarningLength = 256;

/** The values of Warning headers. */
export function warningHeaders(warnings: readonly string[]): ResponseHeaders {
  if (warnings.length === 0) return {};
  const unique = [...new Set(warnings)];
  const isLong = unique.reduce((sum, text) => sum + text.length, 0) > maxWarningLength;
  const values: string[] = [];
  let written = 0;
  for (const text of unique) {
    if (written >= maxWarningLength) break;
    const shown = isLong ? text.slice(0, cutWarningLength) : text;
    written += shown.length;
    values.push(`299 - "${headerText(shown)}"`);
  }
  return { warning: values };
}

/** A quoted string of a header: no control characters, quotes escaped (apimachinery/pkg/util/net/http.go). */
function headerText(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/gu, (char) => (/\p{C}/u.test(char) ? "" : encodeURIComponent(char)));
  return printable.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}
