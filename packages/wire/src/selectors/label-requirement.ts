import { labelKeyFaults, labelValueFaults } from "./label-syntax.ts";
import { goQuote } from "./quote.ts";
import { SelectorError } from "./selector-error.ts";

/** The operators of label selectors, by their names in apimachinery's pkg/selection. */
export type LabelOperator = "in" | "notin" | "=" | "==" | "!=" | "gt" | "lt" | "exists" | "!";

/** One condition on one label. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  /** As many as the operator takes: one or more for in and notin, none for exists and !, else one. */
  readonly values: readonly string[];
}

/** The labels of an object; undefined as in an object that has none. */
export type Labels = Readonly<Record<string, string>> | undefined;

/** Operators that stand between a key and values, in the order in which error messages name them. */
export const binaryOperators: readonly LabelOperator[] = ["in", "notin", "=", "==", "!=", "gt", "lt"];

/**
 * A checked requirement (apimachinery, pkg/labels/selector.go, NewRequirement).
 * @throws SelectorError naming all faults
 */
export function labelRequirement(key: string, operator: LabelOperator, values: readonly string[]): LabelRequirement {
  const faults = [
    ...keyFault("key", key),
    ...valueCountFaults(operator, values),
    ...values.flatMap((value, i) => {
      const faults = labelValueFaults(value);
      return faults.length === 0 ? [] : [invalid(`values[${i}][${key}]`, value, faults.join("; "))];
    }),
  ];
  if (faults.length > 0) throw new SelectorError(aggregate(faults));
  return { key, operator, values };
}

/** At most one fault: the path, the key and all that is wrong with it. */
export function keyFault(path: string, key: string): string[] {
  const faults = labelKeyFaults(key);
  return faults.length === 0 ? [] : [invalid(path, key, faults.join("; "))];
}

function invalid(path: string, value: string, why: string): string {
  return `${path}: Invalid value: ${goQuote(value)}: ${why}`;
}

function valueCountFaults(operator: LabelOperator, values: readonly string[]): string[] {
  const all = (why: string) => [`values: Invalid value: ${JSON.stringify(values)}: ${why}`];
  switch (operator) {
    case "in":
    case "notin":
      return values.length > 0 ? [] : all("for 'in', 'notin' operators, values set can't be empty");
    case "=":
    case "==":
    case "!=":
      return values.length === 1 ? [] : all("exact-match compatibility requires one single value");
    case "exists":
    case "!":
      return values.length === 0 ? [] : all("values set must be empty for exists and does not exist");
    case "gt":
    case "lt": {
      const faults = values.length === 1 ? [] : all("for 'Gt', 'Lt' operators, exactly one value is required");
      const why = "for 'Gt', 'Lt' operators, the value must be an integer";
      const odd = values.map((value, i) =>
        parseInt64(value) === undefined ? invalid(`values[${i}]`, value, why) : "",
      );
      return [...faults, ...odd.filter((fault) => fault !== "")];
    }
  }
}

/** One message alone, several in brackets, each once, as field.ErrorList.ToAggregate prints them. */
function aggregate(faults: readonly string[]): string {
  const unique = [...new Set(faults)];
  return unique.length === 1 ? String(unique[0]) : `[${unique.join(", ")}]`;
}

/** strconv.ParseInt(text, 10, 64). */
function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** Whether the labels fulfil one requirement; a label that is absent fulfils only !=, notin and !. */
export function requirementMatches({ key, operator, values }: LabelRequirement, labels: Labels): boolean {
  const actual = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "in":
    case "=":
    case "==":
      return actual !== undefined && values.includes(actual);
    case "notin":
    case "!=":
      return actual === undefined || !values.includes(actual);
    case "exists":
      return actual !== undefined;
    case "!":
      return actual === undefined;
    case "gt":
    case "lt": {
      const left = actual === undefined ? undefined : parseInt64(actual);
      const right = parseInt64(values[0] ?? "");
      if (left === undefined || right === undefined) return false;
      return operator === "gt" ? left > right : left < right;
    }
  }
}

/** The text of one requirement, with values in sorted order: `a=b`, `a in (b,c)`, `!a`. */
export function formatRequirement({ key, operator, values }: LabelRequirement): string {
  const list = values.length === 1 ? values[0] : [...values].sort().join(",");
  switch (operator) {
    case "in":
    case "notin":
      return `${key} ${operator} (${list})`;
    case "gt":
      return `${key}>${list}`;
    case "lt":
      return `${key}<${list}`;
    case "exists":
      return key;
    case "!":
      return `!${key}`;
    default:
      return `${key}${operator}${list}`;
  }
}
