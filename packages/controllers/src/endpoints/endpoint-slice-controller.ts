import { type ControllerContext, ownLoop } from "../context.ts";
import { isBeingDeleted, keyOf, nameOf, namespaceOf, uidOf } from "../objects/meta.ts";
import { matchesLabels } from "../objects/selectors.ts";
import type { EndpointSlice, Service } from "../objects/types.ts";
import { createIndex, type Index } from "../runtime/informer.ts";
import type { Loop } from "../runtime/loop.ts";
import { endpointOf, hasAddress, portsOf } from "./endpoints-of.ts";
import { managedBy, managedByLabel, planSlices, serviceNameLabel } from "./plan.ts";

/** Keeps the EndpointSlices of Services with a selector. */
export class EndpointSliceController {
  readonly loop: Loop;
  readonly #context: ControllerContext;
  readonly #slices: Index<EndpointSlice>;

  constructor(context: ControllerContext) {
    const { informers } = context;
    this.#context = context;
    this.#slices = createIndex(informers.endpointSlices, serviceKey);
    this.loop = ownLoop(context, "endpoint slice", (key) => this.#sync(key));
    informers.services.onChange((after) => {
      if (after !== undefined) this.loop.enqueue(keyOf(after));
    });
    informers.endpointSlices.onChange((after, before) => {
      const key = before === undefined ? undefined : serviceKey(before);
      if (key !== undefined && after === undefined) this.loop.enqueue(key);
    });
    informers.pods.onChange((after, before) => {
      const pod = after ?? before;
      if (informers.services.size === 0 || pod === undefined) return;
      for (const service of informers.servicesByNamespace.get(namespaceOf(pod))) {
        const isIts = [after, before].some((one) => one !== undefined && selectsPod(service, one.metadata?.labels));
        if (isIts) this.loop.enqueue(keyOf(service));
      }
    });
  }

  #sync(key: string): undefined {
    const { informers, store } = this.#context;
    const service = informers.services.byKey(key);
    if (service === undefined || isBeingDeleted(service) || !hasSlices(service)) return undefined;
    const pods = informers.podsByNamespace
      .get(namespaceOf(service))
      .filter((pod) => selectsPod(service, pod.metadata?.labels) && hasAddress(pod));
    const endpoints = pods.map((pod) => endpointOf(pod, service, informers.nodes.get("", pod.spec?.nodeName ?? "")));
    const plan = planSlices(service, endpoints, portsOf(service, pods), this.#slices.get(key));
    for (const slice of plan.creates) store.create("endpointslices.discovery.k8s.io", slice);
    for (const slice of plan.updates) store.update("endpointslices.discovery.k8s.io", slice);
    for (const slice of plan.deletes) {
      store.delete("endpointslices.discovery.k8s.io", namespaceOf(slice), nameOf(slice), { uid: uidOf(slice) });
    }
    return undefined;
  }
}

function hasSlices(service: Service): boolean {
  return Object.keys(service.spec?.selector ?? {}).length > 0 && service.spec?.type !== "ExternalName";
}

function selectsPod(service: Service, labels: Readonly<Record<string, string>> | undefined): boolean {
  return hasSlices(service) && matchesLabels(service.spec?.selector, labels);
}

/** The key of the Service that a slice of ours belongs to. */
function serviceKey(slice: EndpointSlice): string | undefined {
  const labels = slice.metadata?.labels;
  const service = labels?.[serviceNameLabel];
  return service === undefined || labels?.[managedByLabel] !== managedBy
    ? undefined
    : `${namespaceOf(slice)}/${service}`;
}
