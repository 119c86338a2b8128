import { type LabelOperator, type LabelRequirement, type Labels, labelRequirement } from "./label-requirement.ts";
import { formatLabelRequirements, type LabelSelectorRequirements, labelsMatch, sortByKey } from "./label-selector.ts";
import { labelKeyFaults, labelValueFaults } from "./label-syntax.ts";
import { goQuote } from "./quote.ts";
import { SelectorError } from "./selector-error.ts";

/** meta/v1 LabelSelector in its JSON form. */
export interface LabelSelectorObject {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  readonly matchExpressions?: readonly LabelExpression[] | undefined;
}

/** meta/v1 LabelSelectorRequirement in its JSON form. */
export interface LabelExpression {
  readonly key: string;
  /** In, NotIn, Exists or DoesNotExist */
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

const operators: ReadonlyMap<string, LabelOperator> = new Map([
  ["In", "in"],
  ["NotIn", "notin"],
  ["Exists", "exists"],
  ["DoesNotExist", "!"],
]);

/**
 * The requirements of a LabelSelector: none, hence everything, for an empty one (apimachinery, pkg/apis/meta/v1/helpers.go,
 * LabelSelectorAsSelector).
 * @throws SelectorError for an unknown operator, a bad key or bad values
 */
export function labelSelectorRequirements(selector: LabelSelectorObject): LabelSelectorRequirements {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const requirements: LabelRequirement[] = [];
  for (const [key, value] of Object.entries(matchLabels)) requirements.push(labelRequirement(key, "=", [value]));
  for (const { key, operator, values = [] } of matchExpressions) {
    const known = operators.get(operator);
    if (known === undefined) throw new SelectorError(`${goQuote(operator)} is not a valid label selector operator`);
    requirements.push(labelRequirement(key, known, values));
  }
  return sortByKey(requirements);
}

/**
 * Whether the labels fulfil a LabelSelector. An absent one selects nothing, an empty one everything.
 * @throws SelectorError as `labelSelectorRequirements`
 */
export function labelSelectorMatches(selector: LabelSelectorObject | undefined, labels: Labels): boolean {
  return selector !== undefined && labelsMatch(labelSelectorRequirements(selector), labels);
}

/** The text of a LabelSelector as kubectl shows it; `<none>` if it is empty or absent, `<error>` if it is wrong. */
export function formatLabelSelector(selector: LabelSelectorObject | undefined): string {
  if (selector === undefined) return "<none>";
  try {
    return formatLabelRequirements(labelSelectorRequirements(selector)) || "<none>";
  } catch (error) {
    if (error instanceof SelectorError) return "<error>";
    throw error;
  }
}

/** One fault of a LabelSelector inside an object; the same members as metav1.StatusCause has. */
export interface LabelSelectorFault {
  readonly reason: "FieldValueInvalid" | "FieldValueRequired" | "FieldValueForbidden";
  readonly message: string;
  readonly field: string;
}

/**
 * All faults of a LabelSelector (apimachinery, pkg/apis/meta/v1/validation/validation.go, ValidateLabelSelector).
 * @param path of the selector in its object, e.g. "spec.selector"
 */
export function validateLabelSelector(selector: LabelSelectorObject, path: string): LabelSelectorFault[] {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return [
    ...Object.entries(matchLabels).flatMap(([key, value]) => [
      ...labelKeyFaults(key).map((why) => invalid(`${path}.matchLabels`, key, why)),
      ...labelValueFaults(value).map((why) => invalid(`${path}.matchLabels`, value, why)),
    ]),
    ...matchExpressions.flatMap((expression, i) => expressionFaults(expression, `${path}.matchExpressions[${i}]`)),
  ];
}

function expressionFaults({ key, operator, values = [] }: LabelExpression, path: string): LabelSelectorFault[] {
  return [
    ...operatorFaults(operator, values, path),
    ...labelKeyFaults(key).map((why) => invalid(`${path}.key`, key, why)),
    ...values.flatMap((value, i) => labelValueFaults(value).map((why) => invalid(`${path}.values[${i}]`, value, why))),
  ];
}

function operatorFaults(operator: string, values: readonly string[], path: string): LabelSelectorFault[] {
  const field = `${path}.values`;
  switch (operators.get(operator)) {
    case undefined:
      return [invalid(`${path}.operator`, operator, "not a valid selector operator")];
    case "in":
    case "notin": {
      const message = "Required value: must be specified when `operator` is 'In' or 'NotIn'";
      return values.length > 0 ? [] : [{ reason: "FieldValueRequired", message, field }];
    }
    default: {
      const message = "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
      return values.length === 0 ? [] : [{ reason: "FieldValueForbidden", message, field }];
    }
  }
}

function invalid(field: string, value: string, why: string): LabelSelectorFault {
  return { reason: "FieldValueInvalid", message: `Invalid value: ${goQuote(value)}: ${why}`, field };
}
