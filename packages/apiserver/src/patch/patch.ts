/** How a patch is written; the media types of the four kinds. */
export type PatchType = "strategic" | "merge" | "json" | "apply";

export const patchTypes: Readonly<Record<string, PatchType>> = {
  "application/strategic-merge-patch+json": "strategic",
  "application/merge-patch+json": "merge",
  "application/json-patch+json": "json",
  "application/apply-patch+yaml": "apply",
};
