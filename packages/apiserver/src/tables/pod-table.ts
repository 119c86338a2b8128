import type { json } from "@hollowfleet/wire";
import { podStatusText } from "./pod-status-text.ts";
import { ageColumn, column, labelsText, type Now, nameColumn, type Printer, wideColumn } from "./printer.ts";
import type { TableRowCondition } from "./table.ts";

const completed: Readonly<Record<string, readonly TableRowCondition[]>> = {
  Succeeded: [
    { type: "Completed", status: "True", reason: "Succeeded", message: "The pod has completed successfully." },
  ],
  Failed: [{ type: "Completed", status: "True", reason: "Failed", message: "The pod failed." }],
};

/** Columns and cells of pods (pkg/printers/internalversion/printers.go, printPod). */
export const podPrinter: Printer<json.Pod> = {
  columns: [
    nameColumn,
    column("Ready", "How many of the pod's containers are ready."),
    column("Status", "What the pod is doing, or why it does not."),
    column("Restarts", "How often the pod's containers were restarted, and how long ago last."),
    ageColumn,
    wideColumn("IP", "First IP of the pod."),
    wideColumn("Node", "Node to which the pod is bound."),
    wideColumn("Nominated Node", "Node on which room is being made for the pod."),
    wideColumn("Readiness Gates", "How many of the pod's readiness gates are open."),
  ],
  cells(pod, now) {
    const { metadata = {}, spec, status } = pod;
    const { reason, ready, total, restarts, lastRestart } = podStatusText(pod);
    return [
      metadata.name ?? "",
      `${ready}/${total}`,
      reason,
      restartsText(restarts, lastRestart, now),
      now.since(metadata.creationTimestamp),
      status?.podIPs?.[0]?.ip || "<none>",
      spec?.nodeName || "<none>",
      status?.nominatedNodeName || "<none>",
      readinessGates(pod),
    ];
  },
  conditions: ({ status }) => completed[status?.phase ?? ""] ?? [],
};

function restartsText(restarts: number, lastRestart: string | undefined, now: Now): string {
  if (restarts === 0 || lastRestart === undefined) return String(restarts);
  return `${restarts} (${now.since(lastRestart)} ago)`;
}

function readinessGates({ spec, status }: json.Pod): string {
  const gates = spec?.readinessGates ?? [];
  if (gates.length === 0) return "<none>";
  const open = gates.filter(({ conditionType }) => {
    return status?.conditions?.find(({ type }) => type === conditionType)?.status === "True";
  });
  return `${open.length}/${gates.length}`;
}

/** printPodTemplate */
export const podTemplatePrinter: Printer<json.PodTemplate> = {
  columns: [
    nameColumn,
    column("Containers", "Names of the containers of the template."),
    column("Images", "Images of the containers of the template."),
    column("Pod Labels", "Labels of the template."),
  ],
  cells({ metadata = {}, template }) {
    const containers = template?.spec?.containers ?? [];
    return [
      metadata.name ?? "",
      containers.map(({ name }) => name ?? "").join(","),
      containers.map(({ image }) => image ?? "").join(","),
      labelsText(template?.metadata?.labels),
    ];
  },
};
