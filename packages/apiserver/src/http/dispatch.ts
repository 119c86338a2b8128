import { ApiError } from "../api-error.ts";
import type { KubeList, KubeObject } from "../object.ts";
import { type PatchType, patchTypes } from "../patch/patch.ts";
import type { RequestInfo } from "../request-info.ts";
import { groupVersion } from "../resources/resource-info.ts";
import type { WriteResult } from "../verbs/api.ts";
import { type Answer, encodedAnswer, statusAnswer, warningHeaders } from "./answer.ts";
import { convertObject, encodeConvertedList, isStatus } from "./negotiation/convert.ts";
import { decodeBody, decodeDeleteOptions, type ExpectedType, requiredEncoding } from "./negotiation/decode-body.ts";
import { encodeTyped } from "./negotiation/encode.ts";
import { checkProduced, type NegotiationRequest, negotiate, type Representation } from "./negotiation/negotiate.ts";
import type { Query } from "./routing/query.ts";
import {
  deleteOptions,
  deleteOptionsOfQuery,
  getOptions,
  listOptions,
  writeOptions,
} from "./routing/request-options.ts";
import type { Route } from "./routing/route.ts";
import type { ServerContext } from "./server-context.ts";

/** A request to a resource that was let in. */
export interface ResourceRequest {
  readonly info: RequestInfo;
  readonly route: Route;
  readonly query: Query;
  readonly negotiation: NegotiationRequest;
  readonly contentType: string | undefined;
  readBody(): Promise<Uint8Array>;
}

type Handler = (context: ServerContext, request: ResourceRequest) => Answer | Promise<Answer>;

/** @throws ApiError, ExchangeAborted; nothing was changed then */
export function dispatch(context: ServerContext, request: ResourceRequest): Answer | Promise<Answer> {
  if (request.route.subresource?.name === "log") throw logsNotSimulated(context, request.info);
  const { verb } = request.info;
  if (verb === "watch") throw new Error("watches are not dispatched");
  return handlers[verb](context, request);
}

const handlers: Readonly<Record<Exclude<RequestInfo["verb"], "watch">, Handler>> = {
  get(context, request) {
    const representation = negotiate(request.negotiation, "object");
    const object = context.api.get(request.info, getOptions(request.query));
    return objectAnswer(context, request, representation, { object, httpCode: 200 });
  },

  list(context, request) {
    const representation = negotiate(request.negotiation, "object");
    return listAnswer(context, request, representation, context.api.list(request.info, listOptions(request.query)));
  },

  async create(context, request) {
    const representation = negotiate(request.negotiation, "object");
    const encoding = requiredEncoding(request.contentType);
    const bytes = await request.readBody();
    const options = writeOptions(request.query, "CreateOptions");
    const body = decodeBody(bytes, encoding, expectedType(request.route), options.fieldValidation);
    const result = context.api.create(request.info, body.object, options);
    return objectAnswer(context, request, representation, result, body.warnings);
  },

  async update(context, request) {
    const representation = negotiate(request.negotiation, "object");
    const bytes = await request.readBody();
    const options = writeOptions(request.query, "UpdateOptions");
    const encoding = requiredEncoding(request.contentType);
    const body = decodeBody(bytes, encoding, expectedType(request.route), options.fieldValidation);
    const result = context.api.update(request.info, body.object, options);
    return objectAnswer(context, request, representation, result, body.warnings);
  },

  async patch(context, request) {
    const type = requiredPatchType(request.contentType);
    const representation = negotiate(request.negotiation, "object");
    const bytes = await request.readBody();
    const options = type === "apply" ? {} : writeOptions(request.query, "PatchOptions");
    return objectAnswer(context, request, representation, context.api.patch(request.info, type, bytes, options));
  },

  async delete(context, request) {
    const representation = negotiate(request.negotiation, "object");
    const result = context.api.delete(request.info, await requestedDeletion(request));
    return objectAnswer(context, request, representation, result);
  },

  async deletecollection(context, request) {
    const representation = negotiate(request.negotiation, "object");
    const list = listOptions(request.query);
    const deleted = context.api.deleteCollection(request.info, list, await requestedDeletion(request));
    return listAnswer(context, request, representation, deleted);
  },
};

/** Options of the body if there is one, else those of the query (apiserver/pkg/endpoints/handlers/delete.go). */
async function requestedDeletion(request: ResourceRequest): Promise<ReturnType<typeof deleteOptions>> {
  const bytes = await request.readBody();
  if (bytes.length === 0) return deleteOptions(deleteOptionsOfQuery(request.query));
  return deleteOptions(decodeDeleteOptions(bytes, requiredEncoding(request.contentType)));
}

/** The policy group's older Eviction is taken as well (pkg/registry/core/pod/storage/eviction.go). */
const olderEvictions: readonly string[] = ["policy/v1beta1"];

function expectedType({ resource, subresource }: Route): ExpectedType {
  const { group = resource.group, version = resource.version, kind } = subresource ?? resource;
  const expected = { apiVersion: groupVersion({ group, version }), kind };
  return kind === "Eviction" ? { ...expected, otherApiVersions: olderEvictions } : expected;
}

/**
 * What the router checks; requests that fail here reach no handler, and are not booked.
 * @throws ApiError NotAcceptable, UnsupportedMediaType
 */
export function checkMediaTypes({ verb }: Route, accept: string | undefined, contentType: string | undefined): void {
  if (verb === "patch") requiredPatchType(contentType);
  checkProduced(accept, verb === "list" || verb === "watch");
}

function requiredPatchType(contentType: string | undefined): PatchType {
  const type = patchTypes[contentType?.split(";", 1)[0]?.trim() ?? ""];
  if (type === undefined) throw new ApiError("UnsupportedMediaType", "415: Unsupported Media Type", {});
  return type;
}

type Written = Pick<WriteResult, "object" | "httpCode"> & { readonly warnings?: readonly string[] };

function objectAnswer(
  context: ServerContext,
  { info, query, negotiation }: ResourceRequest,
  representation: Representation,
  { object, httpCode, warnings = [] }: Written,
  bodyWarnings: readonly string[] = [],
): Answer {
  const headers = warningHeaders([...bodyWarnings, ...warnings]);
  if (isStatus(object)) {
    const { body, headers: own } = statusAnswer(object, httpCode, negotiation);
    return { httpCode, headers: { ...own, ...headers }, body };
  }
  const bytes = encodeObject(context, object, representation, info, query);
  return encodedAnswer(httpCode, bytes, representation, headers);
}

function encodeObject(
  { encoder, clock }: ServerContext,
  object: KubeObject,
  { encoding, conversion }: Representation,
  { resource }: RequestInfo,
  query: Query,
): Uint8Array {
  if (conversion === undefined) return encoder.object(object, encoding);
  const options = { resource, includeObject: query.first("includeObject"), nowMs: clock.nowMs() };
  return encodeTyped(convertObject(object, conversion, options), encoding);
}

function listAnswer(
  { encoder, clock }: ServerContext,
  { info: { resource }, query }: ResourceRequest,
  representation: Representation,
  list: KubeList,
): Answer {
  const { encoding, conversion } = representation;
  const headers = warningHeaders(list.warnings ?? []);
  if (conversion === undefined)
    return encodedAnswer(200, encoder.list(list, resource, encoding), representation, headers);
  const options = { resource, includeObject: query.first("includeObject"), nowMs: clock.nowMs() };
  return encodedAnswer(200, encodeConvertedList(list, conversion, options, encoding), representation, headers);
}

/** Not even for a pod that is there. @throws ApiError NotFound */
function logsNotSimulated({ api }: ServerContext, info: RequestInfo): ApiError {
  api.get({ ...info, subresource: "" }, {});
  return new ApiError("InternalError", "logs are not simulated by the embedded API server", {}, 501);
}
