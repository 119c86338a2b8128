import { schemaFor } from "@hollowfleet/wire";
import { ApiError } from "../api-error.ts";
import type { KubeObject } from "../object.ts";
import { applyPatch } from "../patch/apply-patch.ts";
import type { PatchType } from "../patch/patch.ts";
import type { WriteOptions } from "./api.ts";

/**
 * The object after a patch, sharing nothing with `current`.
 * @param warnings takes what the patch names that does not exist
 * @throws ApiError
 */
export function patchedObject(
  type: PatchType,
  current: KubeObject,
  patch: Uint8Array,
  { fieldValidation = "Warn" }: WriteOptions,
  warnings: string[],
): KubeObject {
  const schema = schemaFor(current.apiVersion, current.kind);
  if (schema === undefined) throw new ApiError("InternalError", `no schema for ${current.apiVersion} ${current.kind}`);
  return applyPatch(type, current, patch, schema, { fieldValidation, warn: (text) => void warnings.push(text) });
}
