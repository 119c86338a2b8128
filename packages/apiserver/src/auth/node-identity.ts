import type { UserInfo } from "../request-info.ts";

const prefix = "system:node:";

/** Name of the node that a user is, "" for a node without a name; undefined for others (pkg/auth/nodeidentifier). */
export function nodeNameOf({ name, groups }: UserInfo): string | undefined {
  if (!name.startsWith(prefix) || !groups.includes("system:nodes")) return undefined;
  return name.slice(prefix.length);
}
