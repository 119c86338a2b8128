import { isBeingDeleted, nameOf, namespaceOf, uidOf } from "../objects/meta.ts";
import { isReady, isTerminal } from "../objects/pod.ts";
import type { Endpoint, EndpointSlice, Node, Pod, Service } from "../objects/types.ts";

type Port = NonNullable<EndpointSlice["ports"]>[number];

/** Whether a pod can be reached at all (endpointslice/util ShouldPodBeInEndpoints). */
export function hasAddress(pod: Pod): boolean {
  return !isTerminal(pod) && Boolean(pod.status?.podIP);
}

/** A pod as an endpoint of a Service (podToEndpoint). */
export function endpointOf(pod: Pod, service: Service, node: Node | undefined): Endpoint {
  const serving = isReady(pod);
  const terminating = isBeingDeleted(pod);
  const zone = node?.metadata?.labels?.["topology.kubernetes.io/zone"];
  return {
    addresses: [pod.status?.podIP ?? ""],
    conditions: {
      ready: service.spec?.publishNotReadyAddresses === true || (serving && !terminating),
      serving,
      terminating,
    },
    targetRef: { kind: "Pod", namespace: namespaceOf(pod), name: nameOf(pod), uid: uidOf(pod) },
    ...(pod.spec?.nodeName && { nodeName: pod.spec.nodeName }),
    ...(zone && { zone }),
  };
}

/** A Service's ports at its pods; a port by name is looked up in the first pod that has it. */
export function portsOf(service: Service, pods: readonly Pod[]): Port[] {
  return (service.spec?.ports ?? []).flatMap((port) => {
    const number = targetPort(port.targetPort ?? port.port, port.protocol ?? "TCP", pods);
    if (number === undefined) return [];
    const { name = "", protocol = "TCP", appProtocol } = port;
    return [{ name, port: number, protocol, ...(appProtocol !== undefined && { appProtocol }) }];
  });
}

function targetPort(target: unknown, protocol: string, pods: readonly Pod[]): number | undefined {
  if (typeof target === "number") return target;
  for (const pod of pods) {
    for (const { ports = [] } of pod.spec?.containers ?? []) {
      const found = ports.find((port) => port.name === target && (port.protocol ?? "TCP") === protocol);
      if (found?.containerPort !== undefined) return found.containerPort;
    }
  }
  return undefined;
}
