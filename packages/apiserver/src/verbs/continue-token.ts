import { badRequest } from "../status-errors.ts";

/** Where a list goes on, and in which revision. */
export interface Continuation {
  /** -1 for the latest. */
  readonly revision: number;
  /** The key of the last object that was listed, as `objectKey` makes it. */
  readonly after: string;
}

/** Texts of storage/continue.go. */
const invalidKey = "continue key is not valid";

/** @param after the last key, relative to the listed namespace @returns the form of storage/continue.go, EncodeContinue */
export function encodeContinue({ revision, after }: Continuation): string {
  const token = JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start: `${after}\u0000` });
  return Buffer.from(token).toString("base64url");
}

/** @returns `after` relative to the listed namespace @throws ApiError BadRequest */
export function decodeContinue(text: string): Continuation {
  const token = readToken(text);
  const { v, rv, start } = token;
  if (v !== "meta.k8s.io/v1") {
    throw refused(`${invalidKey}: server does not recognize this encoded version ${String(v ?? "")}`);
  }
  if (typeof rv !== "number" || rv === 0) {
    throw refused(`${invalidKey}: incorrect encoded start resourceVersion (version meta.k8s.io/v1)`);
  }
  if (typeof start !== "string" || start === "") {
    throw refused(`${invalidKey}: encoded start key empty (version meta.k8s.io/v1)`);
  }
  if (`/${start}`.split("/").some((part, i) => part === "." || part === ".." || (part === "" && i > 0))) {
    throw refused(`${invalidKey}: ${start}`);
  }
  return { revision: rv, after: start.endsWith("\u0000") ? start.slice(0, -1) : start };
}

function readToken(text: string): Readonly<Record<string, unknown>> {
  const bad = text.search(/[^A-Za-z0-9_-]/);
  if (bad >= 0) throw refused(`${invalidKey}: illegal base64 data at input byte ${bad}`);
  const json = Buffer.from(text, "base64url").toString();
  try {
    const token: unknown = JSON.parse(json);
    if (typeof token === "object" && token !== null) return token as Record<string, unknown>;
  } catch {
    // Told below in the words of Go.
  }
  throw refused(`${invalidKey}: invalid character '${json.charAt(0)}' looking for beginning of value`);
}

function refused(why: string): Error {
  return badRequest(`invalid continue token: ${why}`);
}
