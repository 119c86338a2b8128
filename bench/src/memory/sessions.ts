import { type ApiClient, createApiClient, createHttp2Transport, resources, type Transport } from "@hollowfleet/client";
import { createNodeClients } from "./node-client.ts";
import { growPaced } from "./paced.ts";
import type { HolderPlan, Part } from "./part.ts";

/** An API client per node with one open HTTP/2 session, made by one answered request, and with a pod watch if asked. */
export function createSessions(plan: HolderPlan): Part {
  const clientOf = createNodeClients(plan);
  const transports: Transport[] = [];
  const begin = async (index: number): Promise<void> => {
    const { name, transport: options, headers } = clientOf(index);
    const transport = createHttp2Transport(options);
    transports[index] = transport;
    const api = createApiClient({ transport, headers });
    if (plan.part === "watch") await openPodWatch(api, name);
    else await api.text("/version");
  };
  return {
    grow: (count) => growPaced(transports.length, count, plan.nodeRatePerS, begin),
    held: () =>
      transports.filter((transport) => {
        const { openConnections, openStreams } = transport.stats();
        return plan.part === "watch" ? openStreams === 1 : openConnections === 1;
      }).length,
    close: () => {
      for (const transport of transports) transport.close();
      return Promise.resolve();
    },
  };
}

/** The pod watch of a kubelet, as its reflector opens it. */
function openPodWatch(api: ApiClient, node: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = {
      fieldSelector: `spec.nodeName=${node}`,
      sendInitialEvents: true,
      resourceVersionMatch: "NotOlderThan",
      allowBookmarks: true,
      timeoutSeconds: 500,
    } as const;
    api.watch(resources.pods, options, {
      onOpen: resolve,
      onEvent: () => undefined,
      onClose: (error) => reject(error ?? new Error(`the pod watch of ${node} ended`)),
    });
  });
}
