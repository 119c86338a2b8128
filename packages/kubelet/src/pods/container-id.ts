import { createHash } from "node:crypto";

/** The ID of a container: the same for the same pod, container and restart, so that none has to be remembered. */
export function containerId(podUid: string, container: string, restarts: number, adopted?: string): string {
  return adopted ?? `containerd://${sha256(`${podUid}/${container}/${restarts}`)}`;
}

const imageIds = new Map<string, string>();
/** More different images than a scenario has; above it the cache begins anew. */
const maxImageIds = 10_000;

/** The ID of an image: the same for the same name. */
export function imageId(image: string): string {
  let id = imageIds.get(image);
  if (id === undefined) {
    if (imageIds.size >= maxImageIds) imageIds.clear();
    id = `sha256:${sha256(image)}`;
    imageIds.set(image, id);
  }
  return id;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
