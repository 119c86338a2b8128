import { notAcceptable, notProduced } from "../http-errors.ts";
import { type AcceptClause, parseAccept } from "./accept.ts";

export type Encoding = "json" | "protobuf";

/** In what other shape than its own an object is wanted. */
export type Conversion =
  | { readonly kind: "Table"; readonly version: "v1" | "v1beta1" }
  | { readonly kind: "PartialObjectMetadata"; readonly version: "v1" | "v1beta1" }
  | { readonly kind: "PartialObjectMetadataList"; readonly version: "v1" | "v1beta1" };

/** The form in which an answer is written. */
export interface Representation {
  readonly encoding: Encoding;
  /** undefined: as it is. */
  readonly conversion: Conversion | undefined;
  /** JSON with line breaks, for people. */
  readonly pretty: boolean;
}

export const contentTypes: Readonly<Record<Encoding, string>> = {
  json: "application/json",
  protobuf: "application/vnd.kubernetes.protobuf",
};

/** In the order of preference of a server that is asked for anything. */
const served: readonly { readonly subtype: string; readonly encoding: Encoding }[] = [
  { subtype: "json", encoding: "json" },
  { subtype: "vnd.kubernetes.protobuf", encoding: "protobuf" },
];
export const servedMediaTypes: readonly string[] = served.map(({ subtype }) => `application/${subtype}`);
const streamMediaTypes = servedMediaTypes.map((type) => `${type};stream=watch`);

export interface NegotiationRequest {
  readonly accept: string | undefined;
  readonly userAgent: string | undefined;
  /** The query's "pretty", if any. */
  readonly pretty: string | undefined;
}

/**
 * How an object, a list or a watch is written (apiserver/pkg/endpoints/handlers/negotiation/negotiate.go).
 * @throws ApiError NotAcceptable
 */
export function negotiate(request: NegotiationRequest, kind: "object" | "watch"): Representation {
  const found = choose(request, true);
  if (found === undefined) throw notAcceptable(kind === "watch" ? streamMediaTypes : servedMediaTypes);
  return found;
}

/**
 * What the router asks before any handler does: it knows neither "application/*" nor parameters (go-restful, route.go).
 * @param streams whether the route also serves watches
 * @throws ApiError NotAcceptable
 */
export function checkProduced(accept: string | undefined, streams: boolean): void {
  if (accept === undefined || accept === "") return;
  const isProduced = accept.split(",").some((clause) => {
    const type = clause.split(";", 1)[0]?.trim() ?? "";
    return type === "*/*" || servedMediaTypes.includes(type);
  });
  if (!isProduced) throw notProduced(streams ? [...servedMediaTypes, ...streamMediaTypes] : servedMediaTypes);
}

/** How a Status is written: never converted; JSON when nothing fits. */
export function negotiateStatus(request: NegotiationRequest): Representation {
  return choose(request, false) ?? { encoding: "json", conversion: undefined, pretty: true };
}

function choose(request: NegotiationRequest, converts: boolean): Representation | undefined {
  const pretty = wantsPretty(request);
  const { accept } = request;
  if (accept === undefined || accept === "") return { encoding: "json", conversion: undefined, pretty };
  for (const clause of parseAccept(accept)) {
    if (clause.type !== "*" && clause.type !== "application") continue;
    for (const { subtype, encoding } of served) {
      if (clause.subtype !== "*" && clause.subtype !== subtype) continue;
      const fit = fits(clause, encoding, converts);
      if (fit === false) continue;
      return { encoding, conversion: fit, pretty: pretty || clause.parameters.get("pretty") === "1" };
    }
  }
  return undefined;
}

/** The conversion that a clause asks for, false when we cannot do it in this encoding. */
function fits({ parameters }: AcceptClause, encoding: Encoding, converts: boolean): Conversion | undefined | false {
  const stream = parameters.get("stream") ?? "";
  if (stream !== "" && stream !== "watch") return false;
  if ((parameters.get("sv") ?? "") !== "") return false;
  const [kind, group, version] = [parameters.get("as"), parameters.get("g"), parameters.get("v")];
  if (kind === undefined && group === undefined && version === undefined) return undefined;
  if (!converts || group !== "meta.k8s.io" || (version !== "v1" && version !== "v1beta1")) return false;
  if (kind === "Table") return encoding === "json" && { kind, version };
  if (kind === "PartialObjectMetadata" || kind === "PartialObjectMetadataList") return { kind, version };
  return false;
}

function wantsPretty({ pretty, userAgent }: NegotiationRequest): boolean {
  if (pretty !== undefined && pretty !== "") return /^(1|t|true)$/i.test(pretty);
  return userAgent !== undefined && /^(curl|Wget|Mozilla\/5\.0)/.test(userAgent);
}

/**
 * The encoding of a request's body.
 * @returns undefined for a media type that we do not read
 */
export function bodyEncoding(contentType: string | undefined): Encoding | undefined {
  if (contentType === undefined || contentType === "") return "json";
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase();
  return served.find(({ subtype }) => `application/${subtype}` === type)?.encoding;
}
