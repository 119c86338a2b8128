import { badRequest } from "../../status-errors.ts";
import { parseQuery, type Query } from "./query.ts";

/** What a request is aimed at: its decoded path, and its query. */
export interface Target {
  readonly path: string;
  readonly query: Query;
}

/** @throws ApiError BadRequest for a path that is none */
export function parseTarget(target: string): Target {
  const at = target.indexOf("?");
  const raw = at < 0 ? target : target.slice(0, at);
  if (!raw.startsWith("/")) throw badRequest("the request's path does not begin with a slash");
  return { path: raw.includes("%") ? decodePath(raw) : raw, query: parseQuery(at < 0 ? "" : target.slice(at + 1)) };
}

function decodePath(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw badRequest("the request's path is not valid percent-encoding");
  }
}
