import type { KubeObject, ObjectMeta } from "../object.ts";

/** meta.k8s.io/v1 Table in its JSON form. */
export interface Table {
  readonly kind: "Table";
  readonly apiVersion: "meta.k8s.io/v1";
  readonly metadata: TableMeta;
  /** null where the receiver has the columns already: in later events of a watch. */
  readonly columnDefinitions: readonly TableColumn[] | null;
  readonly rows: readonly TableRow[] | null;
}

export interface TableMeta {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface TableColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "boolean" | "date";
  /** "name" for the column that names the object. */
  readonly format: "" | "name";
  readonly description: string;
  /** 0 is always shown, 1 only in wide output. */
  readonly priority: 0 | 1;
}

export type Cell = string | number | boolean;

export interface TableRow {
  readonly cells: readonly Cell[];
  readonly conditions?: readonly TableRowCondition[];
  /** null if the request wants no objects. */
  readonly object: KubeObject | PartialObjectMetadata | null;
}

export interface TableRowCondition {
  readonly type: "Completed";
  readonly status: "True";
  readonly reason: string;
  readonly message: string;
}

export interface PartialObjectMetadata {
  readonly kind: "PartialObjectMetadata";
  readonly apiVersion: "meta.k8s.io/v1";
  readonly metadata: ObjectMeta;
}
