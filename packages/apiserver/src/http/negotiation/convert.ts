import { jsonToProtobuf, wrap } from "@hollowfleet/wire";
import { ApiError, type StatusObject } from "../../api-error.ts";
import type { KubeList, KubeObject } from "../../object.ts";
import { groupVersion, type ResourceInfo } from "../../resources/resource-info.ts";
import type { TableMeta } from "../../tables/table.ts";
import { toTable } from "../../tables/to-table.ts";
import { encodeTyped, joinListOf, listMeta, type Typed } from "./encode.ts";
import { goPackage } from "./go-package.ts";
import type { Conversion, Encoding } from "./negotiate.ts";

// Other shapes of objects (apiserver/pkg/endpoints/handlers/response.go).

export interface ConvertOptions {
  readonly resource: ResourceInfo;
  /** What the rows of a table carry: the query's includeObject. Default Metadata. */
  readonly includeObject: string | undefined;
  readonly nowMs: number;
  /** Tables of a watch name their columns in the first event only. Default true. */
  readonly withHeaders?: boolean;
}

/** Whether the options fit, before there is anything to convert. @throws ApiError BadRequest */
export function checkConversion(conversion: Conversion | undefined, options: ConvertOptions): void {
  if (conversion?.kind === "Table") table([], {}, conversion, options);
}

/** @throws ApiError NotAcceptable for the conversion of a list */
export function convertObject(object: KubeObject, conversion: Conversion, options: ConvertOptions): Typed {
  const apiVersion = `meta.k8s.io/${conversion.version}`;
  switch (conversion.kind) {
    case "PartialObjectMetadata":
      return { kind: "PartialObjectMetadata", apiVersion, metadata: object.metadata } as Typed;
    case "PartialObjectMetadataList":
      throw mismatch("PartialObjectMetadataList", `not a list (*${goPackage(object.apiVersion)}.${object.kind})`);
    case "Table": {
      const { resourceVersion } = object.metadata;
      const meta = resourceVersion === undefined ? {} : { resourceVersion };
      // Of a subresource such as scale it is the object that knows its kind.
      const resource = { ...options.resource, kind: object.kind };
      return table([object], meta, conversion, { ...options, resource });
    }
  }
}

/**
 * A converted list, encoded.
 * @throws ApiError NotAcceptable for the conversion of an object
 */
export function encodeConvertedList(
  list: KubeList,
  conversion: Conversion,
  options: ConvertOptions,
  encoding: Encoding,
): Uint8Array {
  const { kind, version } = conversion;
  if (kind !== "PartialObjectMetadataList" || encoding === "json") {
    return encodeTyped(convertList(list, conversion, options), encoding);
  }
  // Lists have no schema of their own: they are joined.
  const apiVersion = `meta.k8s.io/${version}`;
  const items = list.items.map(({ metadata }) =>
    jsonToProtobuf({ kind: "PartialObjectMetadata", apiVersion, metadata } as Typed),
  );
  return wrap(apiVersion, kind, joinListOf(list, items));
}

function convertList(list: KubeList, conversion: Conversion, options: ConvertOptions): Typed {
  const apiVersion = `meta.k8s.io/${conversion.version}`;
  switch (conversion.kind) {
    case "PartialObjectMetadata":
      throw mismatch(
        "PartialObjectMetadata",
        `a list (*${goPackage(groupVersion(options.resource))}.${options.resource.kind}List)`,
      );
    case "PartialObjectMetadataList": {
      const items = list.items.map(({ metadata }) => ({ kind: "PartialObjectMetadata", apiVersion, metadata }));
      return { kind: "PartialObjectMetadataList", apiVersion, metadata: listMeta(list), items } as Typed;
    }
    case "Table":
      return table(list.items, listMeta(list), conversion, options);
  }
}

function table(
  objects: readonly KubeObject[],
  meta: TableMeta,
  { version }: Conversion,
  { resource, includeObject, nowMs, withHeaders = true }: ConvertOptions,
): Typed {
  const options = { nowMs, listMeta: meta, withHeaders, ...(includeObject !== undefined && { includeObject }) };
  const made = toTable(resource, objects, options);
  return version === "v1" ? made : { ...made, apiVersion: `meta.k8s.io/${version}` };
}

function mismatch(wanted: string, actual: string): ApiError {
  return new ApiError("NotAcceptable", `you requested ${wanted}, but the requested object is ${actual}`);
}

export function isStatus(object: KubeObject | StatusObject): object is StatusObject {
  return (
    object.kind === "Status" && object.apiVersion === "v1" && "status" in object && typeof object.status === "string"
  );
}
