import { mediaTypes } from "@hollowfleet/wire";

/** A request that no server can do. */
export interface FuzzRequest {
  /** What is wrong with it. */
  readonly title: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly body?: Uint8Array;
  /** No resource is meant: the real server refuses it in plain text. */
  readonly plain?: boolean;
  /** The real server may answer 500. */
  readonly really500?: boolean;
}

/** The namespace and the objects in it that requests aim at. */
export const fuzzNamespace = "fuzz";
export const configMapsPath: string = `/api/v1/namespaces/${fuzzNamespace}/configmaps`;
export const podsPath: string = `/api/v1/namespaces/${fuzzNamespace}/pods`;
export const deploymentsPath: string = `/apis/apps/v1/namespaces/${fuzzNamespace}/deployments`;

export function jsonPost(title: string, path: string, text: string | Uint8Array): FuzzRequest {
  const body = typeof text === "string" ? Buffer.from(text) : text;
  return { title, method: "POST", path, contentType: mediaTypes.json, body };
}

export function protobufPost(title: string, path: string, body: Uint8Array): FuzzRequest {
  return { title, method: "POST", path, contentType: mediaTypes.protobuf, body };
}

export function patchOf(title: string, path: string, contentType: string, text: string): FuzzRequest {
  return { title, method: "PATCH", path, contentType, body: Buffer.from(text) };
}
