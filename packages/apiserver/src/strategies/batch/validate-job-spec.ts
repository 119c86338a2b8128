import type { json } from "@hollowfleet/wire";
import { validateTemplate } from "../pod/pod-template.ts";
import { validateNonNegative, validateQualifiedName } from "../validation/common.ts";
import {
  duplicate,
  type FieldErrors,
  invalid,
  invalidHidden,
  notSupported,
  required,
  tooLong,
  tooMany,
} from "../validation/field-error.ts";
import { dnsSubdomainFaults } from "../validation/names.ts";

// batch/validation/validation.go, validateJobSpec; Jobs and the templates of CronJobs have it in common

const maxIndexed = 100_000;
const maxManyIndexed = 10_000;

const counts = [
  "parallelism",
  "completions",
  "activeDeadlineSeconds",
  "backoffLimit",
  "ttlSecondsAfterFinished",
  "backoffLimitPerIndex",
  "maxFailedIndexes",
] as const;

/** @param field e.g. "spec", "spec.jobTemplate.spec" */
export function validateJobSpec(field: string, spec: json.JobSpec): FieldErrors {
  const needsPerIndex = spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined;
  return [
    ...counts.flatMap((member) => validateNonNegative(`${field}.${member}`, spec[member])),
    ...(needsPerIndex ? [required(`${field}.backoffLimitPerIndex`, "when maxFailedIndexes is specified")] : []),
    ...validateManagedBy(`${field}.managedBy`, spec.managedBy),
    ...validateCompletionMode(field, spec),
    ...(spec.podFailurePolicy ? validateFailurePolicy(`${field}.podFailurePolicy`, spec) : []),
    ...validateSuccessPolicy(`${field}.successPolicy`, spec),
    ...validateReplacement(`${field}.podReplacementPolicy`, spec),
    ...validateTemplate(`${field}.template`, spec.template),
    ...validateRestart(`${field}.template.spec.restartPolicy`, spec),
  ];
}

function validateManagedBy(field: string, name: string | undefined): FieldErrors {
  if (name === undefined) return [];
  const long = name.length > 63 ? [tooLong(field, 63)] : [];
  if (name === "") return [required(field)];
  const [domain = "", path = ""] = [name.split("/")[0], name.split("/").slice(1).join("/")];
  if (!name.includes("/") || domain === "" || path === "") {
    return [invalid(field, name, 'must be a domain-prefixed path (such as "acme.io/foo")'), ...long];
  }
  return [...dnsSubdomainFaults(domain).map((fault) => invalid(field, domain, fault)), ...long];
}

function validateCompletionMode(field: string, spec: json.JobSpec): FieldErrors {
  const { completionMode: mode } = spec;
  const unknown = mode !== undefined && mode !== "NonIndexed" && mode !== "Indexed";
  const faults = unknown ? [notSupported(`${field}.completionMode`, mode, ["NonIndexed", "Indexed"])] : [];
  if (mode === "Indexed") return [...faults, ...validateIndexed(field, spec)];
  if (unknown) return faults;
  return (["backoffLimitPerIndex", "maxFailedIndexes"] as const).flatMap((member) =>
    spec[member] === undefined ? [] : [invalid(`${field}.${member}`, spec[member], "requires indexed completion mode")],
  );
}

function validateIndexed(field: string, spec: json.JobSpec): FieldErrors {
  const { completions, parallelism = 0, maxFailedIndexes: failed } = spec;
  const paths = { parallelism: `${field}.parallelism`, failed: `${field}.maxFailedIndexes` };
  const most = (limit: number) => `must be less than or equal to ${limit}`;
  const isMany = completions !== undefined && completions > maxIndexed && spec.backoffLimitPerIndex !== undefined;
  const many = `${most(maxManyIndexed)} when completions are above ${maxIndexed} and used with backoff limit per index`;
  const above = `must be specified when completions is above ${maxIndexed}`;
  return [
    ...(completions === undefined ? [required(`${field}.completions`, "when completion mode is Indexed")] : []),
    ...(parallelism > maxIndexed
      ? [invalid(paths.parallelism, parallelism, `${most(maxIndexed)} when completion mode is Indexed`)]
      : []),
    ...(completions !== undefined && failed !== undefined && failed > completions
      ? [invalid(paths.failed, failed, "must be less than or equal to completions")]
      : []),
    ...(failed !== undefined && failed > maxIndexed ? [invalid(paths.failed, failed, most(maxIndexed))] : []),
    ...(isMany && failed === undefined ? [required(paths.failed, above)] : []),
    ...(isMany && parallelism > maxManyIndexed ? [invalid(paths.parallelism, parallelism, many)] : []),
    ...(isMany && failed !== undefined && failed > maxManyIndexed ? [invalid(paths.failed, failed, many)] : []),
  ];
}

const actions = ["Count", "FailIndex", "FailJob", "Ignore"];

/** A list as Go prints it with %q. */
function listed(values: readonly string[]): string {
  return `valid values: [${values.map((value) => JSON.stringify(value)).join(" ")}]`;
}

function validateFailurePolicy(field: string, spec: json.JobSpec): FieldErrors {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const podSpec = spec.template?.spec ?? ({} as json.PodSpec);
  const names = new Set([...(podSpec.containers ?? []), ...(podSpec.initContainers ?? [])].map(({ name }) => name));
  return [
    ...(rules.length > 20 ? [tooMany(`${field}.rules`, rules.length, 20)] : []),
    ...rules.flatMap((rule, index) => {
      const path = `${field}.rules[${index}]`;
      const conditions = rule.onPodConditions ?? [];
      const both = rule.onExitCodes !== undefined && conditions.length > 0;
      const none = rule.onExitCodes === undefined && conditions.length === 0;
      return [
        ...validateAction(`${path}.action`, rule.action ?? "", spec),
        ...(rule.onExitCodes ? validateExitCodes(`${path}.onExitCodes`, rule.onExitCodes, names) : []),
        ...validatePodConditions(`${path}.onPodConditions`, conditions),
        ...(both ? [invalidHidden(path, "specifying both OnExitCodes and OnPodConditions is not supported")] : []),
        ...(none ? [invalidHidden(path, "specifying one of OnExitCodes and OnPodConditions is required")] : []),
      ];
    }),
  ];
}

function validateAction(field: string, action: string, spec: json.JobSpec): FieldErrors {
  if (action === "") return [required(field, listed(actions))];
  if (action === "FailIndex" && spec.backoffLimitPerIndex === undefined) {
    return [invalid(field, action, "requires the backoffLimitPerIndex to be set")];
  }
  return actions.includes(action) ? [] : [notSupported(field, action, actions)];
}

function validateExitCodes(
  field: string,
  { operator = "", containerName, values: codes }: json.PodFailurePolicyOnExitCodesRequirement,
  names: ReadonlySet<string | undefined>,
): FieldErrors {
  const operators = ["In", "NotIn"];
  const values = codes ?? [];
  const isElsewhere = containerName !== undefined && !names.has(containerName);
  const elsewhere = "must be one of the container or initContainer names in the pod template";
  const isOrdered = values.every((value, index) => index === 0 || (values[index - 1] ?? 0) <= value);
  return [
    ...(operator === "" ? [required(`${field}.operator`, listed(operators))] : []),
    ...(operator === "" || operators.includes(operator)
      ? []
      : [notSupported(`${field}.operator`, operator, operators)]),
    ...(isElsewhere ? [invalid(`${field}.containerName`, containerName, elsewhere)] : []),
    ...(values.length === 0 ? [invalid(`${field}.values`, values, "at least one value is required")] : []),
    ...(values.length > 255 ? [tooMany(`${field}.values`, values.length, 255)] : []),
    ...values.flatMap((value, index) => [
      ...(operator === "In" && value === 0
        ? [invalid(`${field}.values[${index}]`, value, "must not be 0 for the In operator")]
        : []),
      ...(values.indexOf(value) < index ? [duplicate(`${field}.values[${index}]`, value)] : []),
    ]),
    ...(isOrdered ? [] : [invalid(`${field}.values`, values, "must be ordered")]),
  ];
}

const conditionStatuses = ["False", "True", "Unknown"];

function validatePodConditions(
  field: string,
  patterns: readonly json.PodFailurePolicyOnPodConditionsPattern[],
): FieldErrors {
  return [
    ...(patterns.length > 20 ? [tooMany(field, patterns.length, 20)] : []),
    ...patterns.flatMap(({ type = "", status = "" }, index) => [
      ...validateQualifiedName(`${field}[${index}].type`, type),
      ...(conditionStatuses.includes(status)
        ? []
        : [notSupported(`${field}[${index}].status`, status, conditionStatuses)]),
    ]),
  ];
}

function validateSuccessPolicy(field: string, spec: json.JobSpec): FieldErrors {
  const { successPolicy: policy, completionMode, completions = 0 } = spec;
  if (policy === undefined) return [];
  const rules = policy.rules ?? [];
  if (completionMode !== "Indexed") {
    const shown = {
      Rules: rules.map((rule) => ({
        SucceededIndexes: rule.succeededIndexes ?? null,
        SucceededCount: rule.succeededCount ?? null,
      })),
    };
    return [invalid(field, shown, "requires indexed completion mode")];
  }
  const none = "at least one rules must be specified when the successPolicy is specified";
  return [
    ...(rules.length === 0 ? [required(`${field}.rules`, none)] : []),
    ...(rules.length > 20 ? [tooMany(`${field}.rules`, rules.length, 20)] : []),
    ...rules.flatMap(({ succeededCount: count, succeededIndexes }, index) => {
      const path = `${field}.rules[${index}]`;
      const text = `must be less than or equal to ${completions} (the number of specified completions)`;
      const isMissing = count === undefined && succeededIndexes === undefined;
      return [
        ...(isMissing ? [required(path, "at least one of succeededCount or succeededIndexes must be specified")] : []),
        ...validateNonNegative(`${path}.succeededCount`, count),
        ...(count !== undefined && count > completions ? [invalid(`${path}.succeededCount`, count, text)] : []),
      ];
    }),
  ];
}

function validateReplacement(
  field: string,
  { podReplacementPolicy: policy, podFailurePolicy }: json.JobSpec,
): FieldErrors {
  const allowed = podFailurePolicy === undefined ? ["Failed", "TerminatingOrFailed"] : ["Failed"];
  return policy === undefined || allowed.includes(policy) ? [] : [notSupported(field, policy, allowed)];
}

function validateRestart(field: string, { template, podFailurePolicy }: json.JobSpec): FieldErrors {
  const policy = template?.spec?.restartPolicy ?? "";
  if (policy === "" || policy === "Always") return [required(field, 'valid values: "OnFailure", "Never"')];
  if (policy !== "OnFailure" && policy !== "Never") return [notSupported(field, policy, ["OnFailure", "Never"])];
  if (podFailurePolicy === undefined || policy === "Never") return [];
  return [invalid(field, policy, 'only "Never" is supported when podFailurePolicy is specified')];
}
