/** Any value that JSON carries. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };

/** metadata of an object, in the form its JSON has. Times are RFC 3339 texts with whole seconds. */
export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string | null;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  managedFields?: unknown[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/**
 * An object in the form its JSON has: the only form in which the server holds, compares and changes objects; protobuf is
 * made of it and from it at the door. What is in the store is never changed in place: whoever changes, clones first. So
 * an object's identity (`===`) stands for its contents, and encodings are cached by it.
 */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [member: string]: unknown;
}

/** A page of a list. */
export interface KubeList {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  /** Empty or absent on the last page. */
  readonly continue?: string;
  readonly remainingItemCount?: number;
  /** Of a deletion of all that is in the list. */
  readonly warnings?: readonly string[];
}
