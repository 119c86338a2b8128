import { isMembers, type Members, memberOf, setMember } from "./members.ts";

/**
 * Applies a JSON merge patch (RFC 7386) to an object. Neither is changed; the result shares what it did not change.
 * As the real server's library does (evanphx/json-patch v4, merge.go), nulls inside arrays stay.
 */
export function mergePatch(current: Members, patch: Members): Members {
  const result = { ...current };
  for (const name of Object.keys(patch)) {
    const value = patch[name];
    if (value === null) delete result[name];
    else setMember(result, name, merged(memberOf(current, name), value));
  }
  return result;
}

function merged(current: unknown, patch: unknown): unknown {
  if (isMembers(current) && isMembers(patch)) return mergePatch(current, patch);
  return withoutNulls(patch);
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  return isMembers(value) ? mergePatch({}, value) : value;
}
