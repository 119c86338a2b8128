import type { AdmissionPlugin } from "./admission.ts";
import { isAbout } from "./admission-request.ts";
import { podSpec, type Toleration } from "./mutable-pod.ts";

const keys = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

function covers({ key = "", effect = "" }: Toleration, taint: string): boolean {
  return (key === taint || key === "") && (effect === "NoExecute" || effect === "");
}

/** Pods stay five minutes on a node that is away (plugin/pkg/admission/defaulttolerationseconds). */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: "DefaultTolerationSeconds",
  mutate(request) {
    const { object: pod } = request;
    if (pod === undefined || !isAbout(request, "", "pods")) return;
    const spec = podSpec(pod);
    const own = spec.tolerations ?? [];
    const missing = keys.filter((key) => !own.some((toleration) => covers(toleration, key)));
    if (missing.length === 0) return;
    spec.tolerations = [
      ...own,
      ...missing.map((key) => ({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 })),
    ];
  },
};
