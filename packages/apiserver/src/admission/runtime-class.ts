import { isDeepStrictEqual } from "node:util";
import { findObject, known } from "../auth/known-resources.ts";
import type { KubeObject } from "../object.ts";
import type { Store } from "../store/store.ts";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import { isAbout, refused } from "./admission-request.ts";
import { type MutablePodSpec, podSpec, type Toleration } from "./mutable-pod.ts";

// Rules and words of plugin/pkg/admission/runtimeclass/admission.go. Quantities are compared as they are written.

/** node.k8s.io/v1 RuntimeClass in its JSON form. */
interface RuntimeClass extends KubeObject {
  readonly overhead?: { readonly podFixed?: Readonly<Record<string, string>> };
  readonly scheduling?: {
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly Toleration[];
  };
}

function classOf(
  request: AdmissionRequest,
  store: Store,
  { runtimeClassName }: MutablePodSpec,
): RuntimeClass | undefined {
  if (runtimeClassName === undefined) return undefined;
  const found = findObject(store, known.runtimeclasses, "", runtimeClassName);
  if (found === undefined) throw refused(request, `pod rejected: RuntimeClass "${runtimeClassName}" not found`);
  return found;
}

function mergeSelector(
  request: AdmissionRequest,
  spec: MutablePodSpec,
  wanted: Readonly<Record<string, string>>,
): void {
  for (const [key, value] of Object.entries(wanted)) {
    const own = spec.nodeSelector?.[key];
    if (own === undefined || own === value) continue;
    const theirs = `runtimeClass.scheduling.nodeSelector[${key}] = ${value}`;
    throw refused(request, `conflict: ${theirs}; pod.spec.nodeSelector[${key}] = ${own}`);
  }
  spec.nodeSelector = { ...spec.nodeSelector, ...wanted };
}

const otherOverhead = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

function podOf(request: AdmissionRequest): KubeObject | undefined {
  return request.operation === "CREATE" && isAbout(request, "", "pods") ? request.object : undefined;
}

export const runtimeClass: AdmissionPlugin = {
  name: "RuntimeClass",
  mutate(request, store) {
    const pod = podOf(request);
    if (pod === undefined) return;
    const spec = podSpec(pod);
    const found = classOf(request, store, spec);
    const fixed = found?.overhead?.podFixed;
    if (fixed !== undefined) {
      if (Object.keys(spec.overhead ?? {}).length > 0 && !isDeepStrictEqual(spec.overhead, fixed)) {
        throw refused(request, otherOverhead);
      }
      spec.overhead = { ...fixed };
    }
    const { nodeSelector, tolerations } = found?.scheduling ?? {};
    if (nodeSelector !== undefined) mergeSelector(request, spec, nodeSelector);
    const own = spec.tolerations ?? [];
    const added = (tolerations ?? []).filter(
      (wanted) => !own.some((toleration) => isDeepStrictEqual(toleration, wanted)),
    );
    if (added.length > 0) spec.tolerations = [...own, ...added];
  },
  validate(request, store) {
    const pod = podOf(request);
    if (pod === undefined) return;
    const spec = podSpec(pod);
    const fixed = classOf(request, store, spec)?.overhead?.podFixed;
    if (fixed === undefined && spec.overhead !== undefined) {
      throw refused(request, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
    }
    if (fixed !== undefined && !isDeepStrictEqual(spec.overhead, fixed)) throw refused(request, otherOverhead);
  },
};
