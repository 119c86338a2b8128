import { isMembers, type Members, memberOf } from "./members.ts";

/** An object or array of a document, and a member of it that an operation names. */
export interface Place {
  readonly container: Members | unknown[];
  /** Unescaped. */
  readonly key: string;
}

/**
 * The place that a JSON pointer (RFC 6901) names; undefined if the way to it is not there. As in the real server's library
 * (evanphx/json-patch v4, findObject) what stands before the first slash is not looked at, and "" names no place.
 */
export function findPlace(document: unknown, pointer: string): Place | undefined {
  const tokens = pointer.split("/").slice(1).map(unescapeToken);
  const key = tokens.pop();
  if (key === undefined) return undefined;
  let container = document;
  for (const token of tokens) container = childOf(container, token);
  if (Array.isArray(container) || isMembers(container)) return { container, key };
  return undefined;
}

function unescapeToken(token: string): string {
  return token.replace(/~[01]/g, (sequence) => (sequence === "~1" ? "/" : "~"));
}

function childOf(container: unknown, key: string): unknown {
  if (isMembers(container)) return memberOf(container, key);
  if (!Array.isArray(container)) return undefined;
  const index = elementIndex(key, container.length);
  return index === undefined ? undefined : container[index];
}

/**
 * The index that a key stands for: from the end if it is negative, as the library allows.
 * @param size how many there are to choose from; one more than there are elements where one may be added
 */
export function elementIndex(key: string, size: number): number | undefined {
  // strconv.Atoi takes a sign and leading zeros.
  if (!/^[+-]?\d{1,15}$/.test(key)) return undefined;
  const index = Number(key);
  const place = index < 0 ? index + size : index;
  return place >= 0 && place < size ? place : undefined;
}
