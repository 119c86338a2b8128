/** Metrics in the text format of Prometheus, as client_golang writes it: labels in the order of their names. */

/** One family of /metrics. */
export interface Family {
  readonly name: string;
  /** Appends its lines, each with its line end. */
  write(out: string[]): void;
}

export interface FamilyOptions {
  readonly name: string;
  readonly help: string;
  /** In the order of the alphabet. */
  readonly labels: readonly string[];
}

const separator = "\u0000";

function head(out: string[], { name, help }: FamilyOptions, type: "counter" | "gauge" | "histogram"): void {
  out.push(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`);
}

function escaped(value: string): string {
  return /[\\"\n]/.test(value) ? value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n") : value;
}

function labelText(names: readonly string[], values: readonly string[]): string {
  return names.map((name, i) => `${name}="${escaped(values[i] ?? "")}"`).join(",");
}

function braced(text: string): string {
  return text === "" ? "" : `{${text}}`;
}

/** A number that goes up, or up and down: what changes it decides, not this class. */
export interface Value {
  value: number;
}

/** Counters or gauges, one for each set of labels. */
export class ValueFamily implements Family {
  readonly name: string;
  readonly #options: FamilyOptions;
  readonly #type: "counter" | "gauge";
  readonly #children = new Map<string, Value & { readonly text: string }>();

  constructor(type: "counter" | "gauge", options: FamilyOptions) {
    this.name = options.name;
    this.#type = type;
    this.#options = options;
  }

  /** @param values in the order of the family's labels */
  with(...values: readonly string[]): Value {
    const key = values.join(separator);
    let child = this.#children.get(key);
    if (child === undefined) {
      child = { value: 0, text: braced(labelText(this.#options.labels, values)) };
      this.#children.set(key, child);
    }
    return child;
  }

  write(out: string[]): void {
    if (this.#children.size === 0) return;
    head(out, this.#options, this.#type);
    for (const { text, value } of this.#children.values()) out.push(`${this.name}${text} ${value}\n`);
  }
}

/** Values that are read when somebody asks. */
export class CollectedFamily implements Family {
  readonly name: string;
  readonly #options: FamilyOptions;
  readonly #type: "counter" | "gauge";
  readonly #collect: () => Iterable<readonly [labels: readonly string[], value: number]>;

  constructor(
    type: "counter" | "gauge",
    options: FamilyOptions,
    collect: () => Iterable<readonly [labels: readonly string[], value: number]>,
  ) {
    this.name = options.name;
    this.#type = type;
    this.#options = options;
    this.#collect = collect;
  }

  write(out: string[]): void {
    head(out, this.#options, this.#type);
    for (const [values, value] of this.#collect()) {
      out.push(`${this.name}${braced(labelText(this.#options.labels, values))} ${value}\n`);
    }
  }
}

/** One histogram. */
export class Histogram {
  readonly #bounds: readonly number[];
  /** Not cumulative; the last one is above every bound. */
  readonly #counts: number[];
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    let i = 0;
    while (i < this.#bounds.length && value > (this.#bounds[i] ?? 0)) i++;
    this.#counts[i] = (this.#counts[i] ?? 0) + 1;
    this.#sum += value;
  }

  write(out: string[], name: string, labels: string): void {
    const before = labels === "" ? "" : `${labels},`;
    let total = 0;
    for (let i = 0; i < this.#counts.length; i++) {
      total += this.#counts[i] ?? 0;
      const bound = this.#bounds[i];
      out.push(`${name}_bucket{${before}le="${bound === undefined ? "+Inf" : boundText(bound)}"} ${total}\n`);
    }
    out.push(`${name}_sum${braced(labels)} ${this.#sum}\n${name}_count${braced(labels)} ${total}\n`);
  }
}

/** As Go writes floats: with an exponent from a million on. */
function boundText(bound: number): string {
  return bound < 1e6 ? String(bound) : bound.toExponential().replace(/e\+(\d)$/, "e+0$1");
}

/** Histograms, one for each set of labels. */
export class HistogramFamily implements Family {
  readonly name: string;
  readonly #options: FamilyOptions;
  readonly #bounds: readonly number[];
  readonly #children = new Map<string, { readonly text: string; readonly histogram: Histogram }>();

  /** @param bounds ascending, without +Inf */
  constructor(options: FamilyOptions, bounds: readonly number[]) {
    this.name = options.name;
    this.#options = options;
    this.#bounds = bounds;
  }

  /** @param values in the order of the family's labels */
  with(...values: readonly string[]): Histogram {
    const key = values.join(separator);
    let child = this.#children.get(key);
    if (child === undefined) {
      child = { text: labelText(this.#options.labels, values), histogram: new Histogram(this.#bounds) };
      this.#children.set(key, child);
    }
    return child.histogram;
  }

  write(out: string[]): void {
    if (this.#children.size === 0) return;
    head(out, this.#options, "histogram");
    for (const { text, histogram } of this.#children.values()) histogram.write(out, this.name, text);
  }
}

export function exposition(families: readonly Family[]): string {
  const out: string[] = [];
  for (const family of families) family.write(out);
  return out.join("");
}
