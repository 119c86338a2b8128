import type { json } from "@hollowfleet/wire";
import { ageColumn, column, nameColumn, type Printer, wideColumn } from "./printer.ts";

const rolePrefix = "node-role.kubernetes.io/";
const roleLabel = "kubernetes.io/role";

/** Columns and cells of nodes (pkg/printers/internalversion/printers.go, printNode). */
export const nodePrinter: Printer<json.Node> = {
  columns: [
    nameColumn,
    column("Status", "Whether the node is ready, and whether pods may be scheduled to it."),
    column("Roles", "Roles of the node, from its labels."),
    ageColumn,
    column("Version", "Version of the node's kubelet."),
    wideColumn("Internal-IP", "First internal IP of the node."),
    wideColumn("External-IP", "First external IP of the node."),
    wideColumn("OS-Image", "Operating system of the node."),
    wideColumn("Kernel-Version", "Kernel of the node, with its architecture."),
    wideColumn("Container-Runtime", "Container runtime of the node, with its version."),
  ],
  cells(node, now) {
    const { metadata = {}, status = {} } = node;
    const { nodeInfo } = status;
    const architecture = nodeInfo?.architecture ? ` (${nodeInfo.architecture})` : "";
    return [
      metadata.name ?? "",
      statusOf(node),
      rolesOf(metadata.labels ?? {}),
      now.since(metadata.creationTimestamp),
      nodeInfo?.kubeletVersion ?? "",
      addressOf(node, "InternalIP"),
      addressOf(node, "ExternalIP"),
      nodeInfo?.osImage || "<unknown>",
      `${nodeInfo?.kernelVersion || "<unknown>"}${architecture}`,
      nodeInfo?.containerRuntimeVersion || "<unknown>",
    ];
  },
};

function statusOf({ spec, status }: json.Node): string {
  const ready = status?.conditions?.findLast(({ type }) => type === "Ready");
  const state = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return spec?.unschedulable ? `${state},SchedulingDisabled` : state;
}

function rolesOf(labels: Readonly<Record<string, string>>): string {
  const roles = Object.entries(labels).map(([key, value]) => {
    if (key.startsWith(rolePrefix)) return key.slice(rolePrefix.length);
    return key === roleLabel ? value : "";
  });
  return [...new Set(roles.filter((role) => role !== ""))].sort().join(",") || "<none>";
}

function addressOf({ status }: json.Node, type: "InternalIP" | "ExternalIP"): string {
  return status?.addresses?.find((address) => address.type === type)?.address ?? "<none>";
}
