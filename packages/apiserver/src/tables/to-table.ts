import { goQuote } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { badRequest } from "../status-errors.ts";
import { Now } from "./printer.ts";
import { printerOf } from "./printers.ts";
import type { PartialObjectMetadata, Table, TableMeta, TableRow } from "./table.ts";

/** How a table is made; what a request says of it is not checked yet. */
export interface TableOptions {
  /** Query parameter `includeObject`: None, Metadata or Object. Default Metadata. */
  readonly includeObject?: string;
  /** The time from which ages are counted, since 1970. */
  readonly nowMs: number;
  /** Of the list that the table shows; of one object its resourceVersion. */
  readonly listMeta?: TableMeta;
  /** false leaves out the column definitions, as after the first event of a watch. Default true. */
  readonly withHeaders?: boolean;
}

/**
 * Objects of one resource as the table that `kubectl get` shows.
 * @param resource of a subresource such as scale, with the subresource's kind
 * @throws ApiError BadRequest for an unknown `includeObject`
 */
export function toTable(
  resource: Pick<ResourceInfo, "kind">,
  objects: readonly KubeObject[],
  { includeObject = "Metadata", nowMs, listMeta = {}, withHeaders = true }: TableOptions,
): Table {
  checkIncludeObject(includeObject);
  const printer = printerOf(resource.kind);
  const now = new Now(nowMs);
  const rows = objects.map((object): TableRow => {
    const conditions = printer.conditions?.(object) ?? [];
    return {
      cells: printer.cells(object, now),
      ...(conditions.length > 0 && { conditions }),
      object: rowObject(object, includeObject),
    };
  });
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: listMeta,
    columnDefinitions: withHeaders ? printer.columns : null,
    rows,
  };
}

/** As apimachinery, pkg/apis/meta/v1/validation/validation.go, ValidateTableOptions. */
function checkIncludeObject(includeObject: string): void {
  if (["", "None", "Metadata", "Object"].includes(includeObject)) return;
  const why = `Invalid value: ${goQuote(includeObject)}: must be 'Metadata', 'Object', 'None', or empty`;
  throw badRequest(`Unable to convert to Table as requested: includeObject: ${why}`);
}

function rowObject(object: KubeObject, includeObject: string): TableRow["object"] {
  if (includeObject === "None") return null;
  return includeObject === "Object" ? object : toPartialObjectMetadata(object);
}

/** The metadata alone, as a kind of its own (`as=PartialObjectMetadata`). */
function toPartialObjectMetadata({ metadata }: KubeObject): PartialObjectMetadata {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata };
}
