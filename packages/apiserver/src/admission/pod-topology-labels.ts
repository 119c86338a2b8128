import { findObject, known } from "../auth/known-resources.ts";
import type { KubeObject } from "../object.ts";
import type { Store } from "../store/store.ts";
import type { AdmissionPlugin } from "./admission.ts";
import { isAbout } from "./admission-request.ts";

const topologyLabels = ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"];

function copyLabels(object: KubeObject, store: Store, nodeName: string): void {
  const labels = findObject(store, known.nodes, "", nodeName)?.metadata.labels ?? {};
  const copied = topologyLabels.flatMap((label) => {
    const value = labels[label];
    return value === undefined ? [] : [[label, value] as const];
  });
  if (copied.length > 0) object.metadata.labels = { ...object.metadata.labels, ...Object.fromEntries(copied) };
}

/**
 * A pod knows the zone and region that it runs in (plugin/pkg/admission/podtopologylabels, on since 1.35). Those of a
 * Binding are copied to the pod by the one who binds.
 */
export const podTopologyLabels: AdmissionPlugin = {
  name: "PodTopologyLabels",
  mutate(request, store) {
    const { object, operation } = request;
    if (operation !== "CREATE" || object === undefined) return;
    if (isAbout(request, "", "pods")) {
      const { nodeName = "" } = (object["spec"] ?? {}) as { nodeName?: string };
      if (nodeName !== "") copyLabels(object, store, nodeName);
    } else if (isAbout(request, "", "pods", "binding")) {
      const { kind, name = "" } = (object["target"] ?? {}) as { kind?: string; name?: string };
      if (kind === "Node") copyLabels(object, store, name);
    }
  },
};
