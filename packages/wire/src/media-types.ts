/** Content types of the Kubernetes API (kubelet-wire §1.6, §9.1). */
export const mediaTypes: {
  readonly protobuf: string;
  readonly json: string;
  readonly strategicMergePatch: string;
  readonly mergePatch: string;
  readonly jsonPatch: string;
  readonly applyPatch: string;
} = {
  protobuf: "application/vnd.kubernetes.protobuf",
  json: "application/json",
  strategicMergePatch: "application/strategic-merge-patch+json",
  mergePatch: "application/merge-patch+json",
  jsonPatch: "application/json-patch+json",
  applyPatch: "application/apply-patch+yaml",
};
