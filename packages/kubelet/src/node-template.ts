import { KubeletError } from "./kubelet-error.ts";
import type { NodeSpec, NodeSpecImage, NodeSpecInfo, NodeSpecTaint } from "./node-spec.ts";

/** What a Node manifest says of the nodes to make after it; names, addresses and versions come from elsewhere. */
export type NodeTemplate = Pick<NodeSpec, "labels" | "taints"> &
  Partial<Pick<NodeSpec, "annotations" | "capacity" | "allocatable" | "nodeInfo" | "images">>;

/** One thing that is wrong with a manifest. */
interface TemplateFault {
  /** "status.capacity.cpu", "spec.taints[0].effect" */
  readonly path: string;
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

const quantityPattern = /^[+-]?(\d+\.?\d*|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;
const labelKeyPattern = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValuePattern = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const effects: readonly unknown[] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const infoKeys = ["kernelVersion", "osImage", "containerRuntimeVersion", "architecture", "operatingSystem"] as const;

/**
 * Reads a Node manifest, e.g. from `kubectl get node -o yaml`. Labels that every node has of its own (hostname, os and
 * architecture) are left out, as is everything that the cluster writes. All faults are listed at once.
 * @param manifest the YAML or JSON as plain objects
 * @throws KubeletError `node-template`
 */
export function parseNodeTemplate(manifest: unknown): NodeTemplate {
  const reader = new TemplateReader();
  const template = reader.node(manifest);
  if (reader.faults.length === 0) return template;
  const lines = reader.faults.map(({ path, message }) => `\n  ${path === "" ? "manifest" : path} ${message}`);
  throw new KubeletError("node-template", `the node template is not valid:${lines.join("")}`);
}

/** Labels that name the machine itself. */
const ownLabels: ReadonlySet<string> = new Set([
  "kubernetes.io/hostname",
  "kubernetes.io/os",
  "kubernetes.io/arch",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/arch",
]);
/** Annotations that controllers, kubectl or the kubelet itself write. */
const writtenAnnotation = /^(kubectl|volumes|csi\.volume|node\.alpha|kubeadm\.alpha)\.kubernetes\.io\//;
/** Taints that controllers set and remove again. */
const controllerTaint = /^node\.(kubernetes|cloudprovider\.kubernetes)\.io\//;

class TemplateReader {
  readonly faults: TemplateFault[] = [];

  node(manifest: unknown): NodeTemplate {
    const fields = this.#object("", manifest) ?? {};
    for (const [path, wanted] of [
      ["apiVersion", "v1"],
      ["kind", "Node"],
    ] as const)
      if (fields[path] !== wanted) this.#fault(path, `must be ${wanted}`);
    const metadata = this.#object("metadata", fields["metadata"]) ?? {};
    const spec = this.#object("spec", fields["spec"]) ?? {};
    const status = this.#object("status", fields["status"]) ?? {};
    const annotations = this.#texts("metadata.annotations", metadata["annotations"], labelKeyPattern, undefined);
    const capacity = this.#quantities("status.capacity", status["capacity"]);
    const allocatable = this.#quantities("status.allocatable", status["allocatable"]);
    const nodeInfo = this.#nodeInfo(status["nodeInfo"]);
    const images = this.#images(status["images"]);
    const labels = this.#texts("metadata.labels", metadata["labels"], labelKeyPattern, labelValuePattern) ?? {};
    return {
      labels: without(labels, (key) => ownLabels.has(key)),
      taints: this.#taints(spec["taints"]),
      ...(annotations && { annotations: without(annotations, (key) => writtenAnnotation.test(key)) }),
      ...(capacity && { capacity }),
      ...(allocatable && { allocatable }),
      ...(nodeInfo && { nodeInfo }),
      ...(images && { images }),
    };
  }

  #fault(path: string, message: string): void {
    this.faults.push({ path, message });
  }

  /** Undefined when absent, and when it is something else, which is a fault. */
  #object(path: string, value: unknown): Fields | undefined {
    if (value === undefined || value === null) {
      if (path === "") this.#fault("", "is empty");
      return undefined;
    }
    if (typeof value === "object" && !Array.isArray(value)) return value as Fields;
    this.#fault(path, "must be an object");
    return undefined;
  }

  #list(path: string, value: unknown): readonly unknown[] | undefined {
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value)) return value;
    this.#fault(path, "must be a list");
    return undefined;
  }

  #text(path: string, value: unknown): string {
    if (typeof value === "string") return value;
    this.#fault(path, "must be text");
    return "";
  }

  #texts(
    path: string,
    value: unknown,
    keys: RegExp,
    values: RegExp | undefined,
  ): Readonly<Record<string, string>> | undefined {
    const fields = this.#object(path, value);
    if (fields === undefined) return undefined;
    const texts: Record<string, string> = {};
    for (const [key, raw] of Object.entries(fields)) {
      const at = `${path}.${key}`;
      if (!keys.test(key)) this.#fault(at, "is no valid key");
      const text = this.#text(at, raw);
      if (values !== undefined && !values.test(text)) this.#fault(at, `"${text}" is no valid value`);
      texts[key] = text;
    }
    return texts;
  }

  #quantities(path: string, value: unknown): Readonly<Record<string, string>> | undefined {
    const fields = this.#object(path, value);
    if (fields === undefined) return undefined;
    const texts: Record<string, string> = {};
    for (const [key, raw] of Object.entries(fields)) {
      // YAML reads `cpu: 8` as a number.
      const text = typeof raw === "number" ? String(raw) : raw;
      if (typeof text !== "string" || !quantityPattern.test(text) || text.startsWith("-"))
        this.#fault(`${path}.${key}`, `${JSON.stringify(raw)} is no quantity`);
      else texts[key] = text;
    }
    return texts;
  }

  #taints(value: unknown): NodeSpecTaint[] {
    return (this.#list("spec.taints", value) ?? []).flatMap((raw, i) => {
      const at = `spec.taints[${i}]`;
      const fields = this.#object(at, raw);
      if (fields === undefined) return [];
      const key = this.#text(`${at}.key`, fields["key"]);
      if (!effects.includes(fields["effect"])) this.#fault(`${at}.effect`, `must be one of ${effects.join(", ")}`);
      const taint = { key, effect: String(fields["effect"]) };
      if (controllerTaint.test(key)) return [];
      return fields["value"] === undefined
        ? [taint]
        : [{ ...taint, value: this.#text(`${at}.value`, fields["value"]) }];
    });
  }

  #nodeInfo(value: unknown): NodeSpecInfo | undefined {
    const fields = this.#object("status.nodeInfo", value);
    if (fields === undefined) return undefined;
    const info: NodeSpecInfo = {};
    for (const key of infoKeys)
      if (fields[key] !== undefined) info[key] = this.#text(`status.nodeInfo.${key}`, fields[key]);
    return info;
  }

  #images(value: unknown): NodeSpecImage[] | undefined {
    return this.#list("status.images", value)?.flatMap((raw, i) => {
      const at = `status.images[${i}]`;
      const fields = this.#object(at, raw);
      if (fields === undefined) return [];
      const names = (this.#list(`${at}.names`, fields["names"]) ?? []).map((name, n) =>
        this.#text(`${at}.names[${n}]`, name),
      );
      const sizeBytes = fields["sizeBytes"] ?? 0;
      if (typeof sizeBytes !== "number" || sizeBytes < 0) this.#fault(`${at}.sizeBytes`, "must be a number of bytes");
      return [{ names, sizeBytes: Number(sizeBytes) }];
    });
  }
}

function without(
  texts: Readonly<Record<string, string>>,
  drop: (key: string) => boolean,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => !drop(key)));
}
