import type { json } from "@hollowfleet/wire";
import { humanDuration } from "./human-duration.ts";
import { ageColumn, booleanColumn, column, integerColumn, nameColumn, type Printer, wideColumn } from "./printer.ts";

// Columns and cells of coordination, scheduling, policy, rbac, node and certificates (pkg/printers/internalversion/printers.go).

/** printLease */
export const leasePrinter: Printer<json.Lease> = {
  columns: [nameColumn, column("Holder", "Who holds the lease."), ageColumn],
  cells: ({ metadata = {}, spec }, now) => [
    metadata.name ?? "",
    spec?.holderIdentity ?? "",
    now.since(metadata.creationTimestamp),
  ],
};

/** printPodDisruptionBudget */
export const podDisruptionBudgetPrinter: Printer<json.PodDisruptionBudget> = {
  columns: [
    nameColumn,
    column("Min Available", "Pods that must be available."),
    column("Max Unavailable", "Pods that may be unavailable."),
    integerColumn("Allowed Disruptions", "Pods that may be disrupted now."),
    ageColumn,
  ],
  cells: ({ metadata = {}, spec, status }, now) => [
    metadata.name ?? "",
    String(spec?.minAvailable ?? "N/A"),
    String(spec?.maxUnavailable ?? "N/A"),
    status?.disruptionsAllowed ?? 0,
    now.since(metadata.creationTimestamp),
  ],
};

/** printPriorityClass */
export const priorityClassPrinter: Printer<json.PriorityClass> = {
  columns: [
    nameColumn,
    integerColumn("Value", "Priority of the pods of the class."),
    booleanColumn("Global-Default", "Whether pods without a class are of this one."),
    ageColumn,
    column("PreemptionPolicy", "Whether the pods may displace others."),
  ],
  cells: ({ metadata = {}, value, globalDefault, preemptionPolicy }, now) => [
    metadata.name ?? "",
    value ?? 0,
    globalDefault ?? false,
    now.since(metadata.creationTimestamp),
    preemptionPolicy ?? "",
  ],
};

/** printRuntimeClass */
export const runtimeClassPrinter: Printer<json.RuntimeClass> = {
  columns: [nameColumn, column("Handler", "Configuration of the container runtime."), ageColumn],
  cells: ({ metadata = {}, handler }, now) => [
    metadata.name ?? "",
    handler ?? "",
    now.since(metadata.creationTimestamp),
  ],
};

/** printRoleBinding and printClusterRoleBinding */
export const roleBindingPrinter: Printer<json.RoleBinding | json.ClusterRoleBinding> = {
  columns: [
    nameColumn,
    column("Role", "The role that is granted."),
    ageColumn,
    wideColumn("Users", "Users to whom it is granted."),
    wideColumn("Groups", "Groups to whom it is granted."),
    wideColumn("ServiceAccounts", "Service accounts to whom it is granted."),
  ],
  cells({ metadata = {}, roleRef, subjects = [] }, now) {
    const of = (kind: string) => subjects.filter((subject) => subject.kind === kind);
    return [
      metadata.name ?? "",
      `${roleRef?.kind ?? ""}/${roleRef?.name ?? ""}`,
      now.since(metadata.creationTimestamp),
      of("User")
        .map(({ name }) => name)
        .join(", "),
      of("Group")
        .map(({ name }) => name)
        .join(", "),
      of("ServiceAccount")
        .map(({ namespace, name }) => `${namespace ?? ""}/${name}`)
        .join(", "),
    ];
  },
};

/** printCertificateSigningRequest */
export const certificateSigningRequestPrinter: Printer<json.CertificateSigningRequest> = {
  columns: [
    nameColumn,
    ageColumn,
    column("SignerName", "Who shall sign."),
    column("Requestor", "Who asks for the certificate."),
    column("RequestedDuration", "How long the certificate shall last."),
    column("Condition", "Whether the request is approved, denied, failed or issued."),
  ],
  cells: ({ metadata = {}, spec, status }, now) => [
    metadata.name ?? "",
    now.since(metadata.creationTimestamp),
    spec?.signerName || "<none>",
    spec?.username ?? "",
    spec?.expirationSeconds === undefined ? "<none>" : humanDuration(spec.expirationSeconds * 1000),
    requestCondition(status),
  ],
};

function requestCondition({ conditions = [], certificate = "" }: json.CertificateSigningRequestStatus = {}): string {
  const has = (type: string) => conditions.some((condition) => condition.type === type);
  const decision = has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending";
  return `${decision}${has("Failed") ? ",Failed" : ""}${certificate === "" ? "" : ",Issued"}`;
}

/** printScale */
export const scalePrinter: Printer<json.Scale> = {
  columns: [
    column("Name", nameColumn.description),
    integerColumn("Desired", "Pods that are wanted."),
    integerColumn("Available", "Pods that exist."),
    ageColumn,
  ],
  cells: ({ metadata = {}, spec, status }, now) => [
    metadata.name ?? "",
    spec?.replicas ?? 0,
    status?.replicas ?? 0,
    now.since(metadata.creationTimestamp),
  ],
};

/** printResourceSlice */
export const resourceSlicePrinter: Printer<json.ResourceSlice> = {
  columns: [
    nameColumn,
    column("Node", "Node that has the devices."),
    column("Driver", "Driver that offers the devices."),
    column("Pool", "Pool to which the slice belongs."),
    ageColumn,
  ],
  cells: ({ metadata = {}, spec }, now) => [
    metadata.name ?? "",
    spec?.nodeName ?? "",
    spec?.driver ?? "",
    spec?.pool?.name ?? "",
    now.since(metadata.creationTimestamp),
  ],
};
