import { humanDuration } from "./human-duration.ts";
import type { Cell, TableColumn, TableRowCondition } from "./table.ts";

/** How objects of one kind are shown in a table; all columns are always filled, whoever reads drops those it does not want. */
export interface Printer<T> {
  readonly columns: readonly TableColumn[];
  /** As many as there are columns. */
  cells(object: T, now: Now): readonly Cell[];
  conditions?(object: T): readonly TableRowCondition[];
}

/** A printer of objects whose type it alone knows. */
// biome-ignore lint/suspicious/noExplicitAny: which object meets which printer is decided by the table of printers.
export type AnyPrinter = Printer<any>;

/** The time at which a table is made. */
export class Now {
  readonly #ms: number;

  /** @param ms since 1970 */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /** The time that has gone since, e.g. `5m`; `<unknown>` if there is no time. */
  since(time: string | null | undefined): string {
    if (time === undefined || time === null) return "<unknown>";
    return humanDuration(this.#ms - Date.parse(time));
  }
}

type ColumnOptions = Partial<Pick<TableColumn, "format" | "priority" | "type">>;

export function column(name: string, description: string, options: ColumnOptions = {}): TableColumn {
  const { type = "string", format = "", priority = 0 } = options;
  return { name, type, format, description, priority };
}

export function integerColumn(name: string, description: string): TableColumn {
  return column(name, description, { type: "integer" });
}

export function booleanColumn(name: string, description: string): TableColumn {
  return column(name, description, { type: "boolean" });
}

/** A column of wide output. */
export function wideColumn(name: string, description: string): TableColumn {
  return column(name, description, { priority: 1 });
}

export const nameColumn: TableColumn = column("Name", "Name of the object, unique in its namespace.", {
  format: "name",
});

export const ageColumn: TableColumn = column("Age", "Time since the object was created.");

/** Of workloads that have a pod template. */
export const containersColumn: TableColumn = wideColumn("Containers", "Names of the containers of the pod template.");
export const imagesColumn: TableColumn = wideColumn("Images", "Images of the containers of the pod template.");
export const selectorColumn: TableColumn = wideColumn("Selector", "Labels by which the pods are found.");

/** `a=b,c=d` sorted by key; `<none>` if there are none (apimachinery, pkg/labels/labels.go, FormatLabels). */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.map(([key, value]) => `${key}=${value}`).join(",") || "<none>";
}

/** At most three of a list: `a,b,c + 2 more...`. */
export function firstThree(items: readonly string[]): string {
  const most = 3;
  const shown = items.slice(0, most).join(",");
  return items.length > most ? `${shown} + ${items.length - most} more...` : shown;
}
