import type { json } from "@hollowfleet/wire";
import { formatQuantity } from "@hollowfleet/wire";
import { nanosOf, readQuantity } from "../quantities.ts";

/**
 * What the containers request together while they run, or what the largest init container does with the sidecars that were
 * started before it (component-helpers/resource/helpers.go, AggregateContainerRequests). Undefined if none requests it.
 */
export function sumOfRequests(spec: json.PodSpec, name: string): string | undefined {
  const request = (container: json.Container) => container.resources?.requests?.[name];
  const { containers, initContainers = [] } = spec;
  const some = [...(containers ?? []), ...initContainers].map(request).find((amount) => amount !== undefined);
  if (some === undefined) return undefined;
  let sidecars = 0n;
  let largestInit = 0n;
  for (const container of initContainers) {
    const amount = nanosOf(request(container));
    if (container.restartPolicy === "Always") sidecars += amount;
    const atOnce = container.restartPolicy === "Always" ? sidecars : sidecars + amount;
    if (atOnce > largestInit) largestInit = atOnce;
  }
  const running = (containers ?? []).reduce((sum, container) => sum + nanosOf(request(container)), sidecars);
  const format = readQuantity(some)?.format ?? "DecimalSI";
  return formatQuantity({ nanos: running > largestInit ? running : largestInit, format });
}
