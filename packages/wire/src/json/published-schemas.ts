import { readFileSync } from "node:fs";

/** Schemas of the real server's /openapi/v3, without descriptions, of all types that our kinds reach. */
export interface PublishedSchemas {
  /** Of Kubernetes, e.g. "1.36.3". */
  readonly version: string;
  /** By name, e.g. "io.k8s.api.core.v1.Pod". */
  readonly schemas: Readonly<Record<string, PublishedSchema>>;
}

/** One schema as OpenAPI 3.0 has it; only what is looked at is named. */
export interface PublishedSchema {
  readonly "x-kubernetes-group-version-kind"?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
  readonly [member: string]: unknown;
}

let read: PublishedSchemas | undefined;

/** Reads them from beside the generated code when first asked. */
export function publishedSchemas(): PublishedSchemas {
  read ??= JSON.parse(readFileSync(new URL("../../gen/openapi.json", import.meta.url), "utf8")) as PublishedSchemas;
  return read;
}
