import { type ControllerContext, ownLoop } from "../context.ts";
import { nameOf } from "../objects/meta.ts";
import type { Node } from "../objects/types.ts";
import type { Loop } from "../runtime/loop.ts";
import { PodCidrs } from "./pod-cidrs.ts";

/** Gives each node a range of pod addresses (the range allocator of the node IPAM controller). */
export class PodCidrController {
  readonly loop: Loop;
  readonly #context: ControllerContext;
  readonly #cidrs: PodCidrs;

  constructor(context: ControllerContext, clusterCidr: string) {
    const { nodes } = context.informers;
    this.#context = context;
    this.#cidrs = new PodCidrs(clusterCidr, context.settings.nodeCidrMaskSize);
    this.loop = ownLoop(context, "node ipam", (name) => this.#sync(name));
    // Ranges that nodes have already must be known before the first is given out.
    for (const { spec } of nodes.all()) if (spec?.podCIDR) this.#cidrs.occupy(spec.podCIDR);
    nodes.onChange((after, before) => {
      if (after === undefined) {
        if (before?.spec?.podCIDR) this.#cidrs.release(before.spec.podCIDR);
      } else if (!after.spec?.podCIDR) {
        this.loop.enqueue(nameOf(after));
      } else if (before !== undefined && !before.spec?.podCIDR) {
        this.#cidrs.occupy(after.spec.podCIDR);
      }
    });
  }

  #sync(name: string): number | undefined {
    const { informers, store } = this.#context;
    const node = informers.nodes.get("", name);
    if (node === undefined || node.spec?.podCIDR) return undefined;
    const podCIDR = this.#cidrs.allocate();
    if (podCIDR === undefined) {
      const message = `Node ${name} status is now: CIDRNotAvailable`;
      this.#context.recorder("cidrAllocator").normal(node, "CIDRNotAvailable", message);
      return 30_000;
    }
    try {
      const changed: Node = { ...node, spec: { ...node.spec, podCIDR, podCIDRs: [podCIDR] } };
      store.update("nodes", changed);
    } catch (thrown) {
      this.#cidrs.release(podCIDR);
      throw thrown;
    }
    return undefined;
  }
}
