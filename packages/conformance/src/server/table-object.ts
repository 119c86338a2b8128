/** An object that tables are made of, created in this order. */
export interface TableObject {
  /** Of the collection. */
  readonly path: string;
  readonly object: object;
  /** Merged into the status afterwards. */
  readonly status?: object;
}

/** The namespace that all have, and its path. */
export const namespace = "/api/v1/namespaces/tables";

/** A time in the past. */
export function ago(seconds: number): string {
  return `${new Date(Date.now() - seconds * 1000).toISOString().slice(0, 19)}Z`;
}

export function named(name: string, members: object = {}, metadata: object = {}): object {
  return { ...members, metadata: { name, ...metadata } };
}
