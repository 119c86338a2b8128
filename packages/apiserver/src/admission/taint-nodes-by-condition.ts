import type { AdmissionPlugin } from "./admission.ts";
import { isAbout } from "./admission-request.ts";

interface Taint {
  readonly key: string;
  readonly effect: string;
}

const notReady: Taint = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };

/** A new node gets no pods until the node lifecycle controller has seen it Ready (plugin/pkg/admission/nodetaint). */
export const taintNodesByCondition: AdmissionPlugin = {
  name: "TaintNodesByCondition",
  mutate(request) {
    const { object: node, operation } = request;
    if (operation !== "CREATE" || node === undefined || !isAbout(request, "", "nodes")) return;
    node["spec"] ??= {};
    const spec = node["spec"] as { taints?: Taint[] };
    const taints = spec.taints ?? [];
    if (taints.some(({ key, effect }) => key === notReady.key && effect === notReady.effect)) return;
    spec.taints = [...taints, notReady];
  },
};
