import type { ApiClient, ListOptions, Received, ReceivedList } from "./api-client.ts";
import { ClientError } from "./client-error.ts";
import type { Resource } from "./resource.ts";

/** k8s.io/client-go/tools/pager/pager.go, defaultPageSize. */
const pageSize = 500;

export interface WholeList<T> {
  readonly resourceVersion: string;
  readonly items: readonly Received<T>[];
}

/**
 * All pages of a list, of one resourceVersion. Pages hold 500 objects; a list at a version of its own is asked for whole,
 * since only then the watch cache may serve it (reflector.go, list). If a later page has expired, the list begins
 * anew in one piece, as client-go's pager does.
 */
export async function listAll<T>(
  api: ApiClient,
  resource: Resource<T>,
  options: Omit<ListOptions, "limit" | "continue">,
): Promise<WholeList<T>> {
  const { resourceVersion } = options;
  const paged = resourceVersion === undefined || resourceVersion === "" || resourceVersion === "0";
  const items: Received<T>[] = [];
  let page: ReceivedList<T> = await api.list(resource, paged ? { ...options, limit: pageSize } : options);
  const { resourceVersion: _first, ...rest } = options;
  for (;;) {
    for (const item of page.items) items.push(item);
    if (page.continue === "") return { resourceVersion: page.resourceVersion, items };
    try {
      page = await api.list(resource, { ...rest, limit: pageSize, continue: page.continue });
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== "expired") throw error;
      const whole = await api.list(resource, options);
      return { resourceVersion: whole.resourceVersion, items: whole.items };
    }
  }
}
