import { parseArgs } from "node:util";

/** Flags of one command with their defaults, all as text; `--help` is added. */
export type FlagTable = Readonly<Record<string, { readonly value: string; readonly help: string }>>;

/** Reads the command line; undefined after it printed the help. Throws on a flag that is not in the table. */
export function readFlags<T extends FlagTable>(table: T, argv: readonly string[]): Record<keyof T, string> | undefined {
  const options = Object.fromEntries(Object.keys(table).map((name) => [name, { type: "string" as const }]));
  const parsed = parseArgs({ args: [...argv], options: { ...options, help: { type: "boolean" } } });
  const values: Readonly<Record<string, string | boolean | undefined>> = parsed.values;
  if (values["help"] === true) {
    for (const [name, { value, help }] of Object.entries(table)) {
      console.log(`  --${name.padEnd(14)} ${help}${value === "" ? "" : ` (${value})`}`);
    }
    return undefined;
  }
  return Object.fromEntries(
    Object.entries(table).map(([name, { value }]) => [name, (values[name] as string | undefined) ?? value]),
  ) as Record<keyof T, string>;
}

/** A number above zero. */
export function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new Error(`--${name}: "${text}" is not a number above zero`);
  return value;
}

/** Several of them, with commas between. */
export function positives(name: string, text: string): number[] {
  return text.split(",").map((part) => positive(name, part));
}

/** One of a closed set of words. */
export function oneOf<T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === text);
  if (found === undefined) throw new Error(`--${name}: "${text}" is none of ${allowed.join(", ")}`);
  return found;
}
