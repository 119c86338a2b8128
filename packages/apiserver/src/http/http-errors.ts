import { ApiError } from "../api-error.ts";

// What the real server's router answers; texts are those of NewGenericServerResponse in apimachinery/pkg/api/errors/errors.go.

export function notServed(): ApiError {
  return new ApiError("NotFound", "the server could not find the requested resource", {});
}

export function wrongMethod(): ApiError {
  return new ApiError("MethodNotAllowed", "the server does not allow this method on the requested resource", {});
}

/** The router's text, before any handler looks: nothing that the route produces was asked for (go-restful, jsr311.go). */
export function notProduced(available: readonly string[]): ApiError {
  const text = `406: Not Acceptable\n\nAvailable representations: ${available.join(", ")}`;
  return new ApiError("NotAcceptable", text, {});
}

/** apiserver/pkg/endpoints/handlers/negotiation/errors.go */
export function notAcceptable(accepted: readonly string[]): ApiError {
  return new ApiError("NotAcceptable", `only the following media types are accepted: ${accepted.join(", ")}`);
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  const text = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`;
  return new ApiError("UnsupportedMediaType", text);
}

/** NewInternalError of apimachinery. */
export function internalError(why: string): ApiError {
  return new ApiError("InternalError", `Internal error occurred: ${why}`, { causes: [{ message: why }] });
}

export function unauthorized(): ApiError {
  return new ApiError("Unauthorized", "Unauthorized");
}

/** 422 about the query, e.g. kind "CreateOptions" (apimachinery/pkg/apis/meta/v1/validation). */
export function invalidOptions(kind: string, field: string, reason: string, message: string): ApiError {
  return new ApiError("Invalid", `${kind}.meta.k8s.io "" is invalid: ${field}: ${message}`, {
    group: "meta.k8s.io",
    kind,
    causes: [{ reason, message, field }],
  });
}
