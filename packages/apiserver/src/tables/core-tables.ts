import type { json } from "@hollowfleet/wire";
import { ageColumn, column, nameColumn, type Printer } from "./printer.ts";

// Columns and cells of the smaller kinds of the core group (pkg/printers/internalversion/printers.go).

/** printNamespace */
export const namespacePrinter: Printer<json.Namespace> = {
  columns: [nameColumn, column("Status", "Phase of the namespace."), ageColumn],
  cells: ({ metadata = {}, status }, now) => [
    metadata.name ?? "",
    status?.phase ?? "",
    now.since(metadata.creationTimestamp),
  ],
};

/** printConfigMap */
export const configMapPrinter: Printer<json.ConfigMap> = {
  columns: [nameColumn, column("Data", "How many entries there are."), ageColumn],
  cells: ({ metadata = {}, data = {}, binaryData = {} }, now) => [
    metadata.name ?? "",
    Object.keys(data).length + Object.keys(binaryData).length,
    now.since(metadata.creationTimestamp),
  ],
};

/** printSecret */
export const secretPrinter: Printer<json.Secret> = {
  columns: [
    nameColumn,
    column("Type", "What the secret is for."),
    column("Data", "How many entries there are."),
    ageColumn,
  ],
  cells: ({ metadata = {}, type, data = {} }, now) => [
    metadata.name ?? "",
    type ?? "",
    Object.keys(data).length,
    now.since(metadata.creationTimestamp),
  ],
};

/** printServiceAccount and other kinds that show nothing but their age. */
export const namePrinter: Printer<{ readonly metadata?: json.ObjectMeta }> = {
  columns: [nameColumn, ageColumn],
  cells: ({ metadata = {} }, now) => [metadata.name ?? "", now.since(metadata.creationTimestamp)],
};

/** printResourceQuota */
export const resourceQuotaPrinter: Printer<json.ResourceQuota> = {
  columns: [
    nameColumn,
    column("Request", "Used and hard amounts of requests and objects."),
    column("Limit", "Used and hard amounts of limits."),
    ageColumn,
  ],
  cells: ({ metadata = {}, status }, now) => {
    const { hard = {}, used = {} } = status ?? {};
    const names = Object.keys(hard).sort();
    const text = (isLimit: boolean) =>
      names
        .filter((name) => name.startsWith("limits.") === isLimit)
        .map((name) => `${name}: ${used[name] ?? "0"}/${hard[name]}`)
        .join(", ");
    return [metadata.name ?? "", text(false), text(true), now.since(metadata.creationTimestamp)];
  },
};
