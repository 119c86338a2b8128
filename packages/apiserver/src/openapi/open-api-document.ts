import { allResources } from "../resources/all-resources.ts";
import { createOpenApi, type OpenApiDocument } from "./open-api.ts";

const served = createOpenApi(allResources);

/**
 * A document of this server's OpenAPI by its path, "/openapi/v3" or below; undefined for what there is not. It comes in
 * JSON whatever `accept` prefers: kubectl asks for nothing else.
 */
export function openApiDocument(path: string, _accept?: string): OpenApiDocument | undefined {
  return served.document(path);
}
