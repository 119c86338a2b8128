import type { FaultPlan, FaultRule } from "./fault-plan.ts";
import { apiVerbs } from "./fault-plan.ts";

/** One thing wrong with a plan. */
export interface PlanFault {
  /** e.g. "rules.0.share" */
  readonly path: string;
  /** What is wrong, with the value that was found. */
  readonly message: string;
  readonly remedy: string;
}

/** A check of one value; undefined: nothing is wrong with it. */
type Check = (value: unknown, path: string) => readonly PlanFault[];

/** Everything that is wrong with data that should be a FaultPlan, all at once; empty when it is one. */
export function validateFaultPlan(value: unknown): readonly PlanFault[] {
  return isRecord(value) && Array.isArray(value["rules"])
    ? [
        ...unknownFields(value, ["rules"], ""),
        ...value["rules"].flatMap((rule: unknown, index) => checkFaultRule(rule, `rules.${index}`)),
      ]
    : fault("", value, "a plan is { rules: [ … ] }");
}

/** True when nothing is wrong, so that the compiler knows it, too. */
export function isFaultPlan(value: unknown): value is FaultPlan {
  return validateFaultPlan(value).length === 0;
}

/** Everything that is wrong with one rule. @param at path of the rule itself */
export function checkFaultRule(value: unknown, at: string): readonly PlanFault[] {
  if (!isRecord(value)) return fault(at, value, "a rule is { match?, share? or every?, fault }");
  const rule = value as Partial<Record<keyof FaultRule, unknown>>;
  const faults = [
    ...checkFields(value, { match: optional(matchCheck), share: optional(share), every: optional(count) }, at, [
      "fault",
    ]),
    ...checkFault(rule.fault, join(at, "fault")),
  ];
  if (rule.share !== undefined && rule.every !== undefined) {
    faults.push(...fault(join(at, "every"), rule.every, "give either share or every"));
  }
  if (isRecord(rule.fault) && rule.fault["kind"] === "clock-offset") {
    for (const field of ["match", "share", "every"] as const) {
      if (rule[field] !== undefined) {
        faults.push(...fault(join(at, field), rule[field], "a clock is wrong for every request: leave it out"));
      }
    }
  }
  return faults;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function join(path: string, field: string): string {
  return path === "" ? field : `${path}.${field}`;
}

function fault(path: string, value: unknown, remedy: string): PlanFault[] {
  return [{ path, message: value === undefined ? "is missing" : `is ${JSON.stringify(value)}`, remedy }];
}

function check(isRight: (value: unknown) => boolean, remedy: string): Check {
  return (value, path) => (isRight(value) ? [] : fault(path, value, remedy));
}

function optional(inner: Check): Check {
  return (value, path) => (value === undefined ? [] : inner(value, path));
}

function isNumber(value: unknown, min: number, max: number = Number.MAX_VALUE): value is number {
  return typeof value === "number" && value >= min && value <= max;
}

const span = check((value) => isNumber(value, 0), "give milliseconds, 0 or more");
const share = check((value) => isNumber(value, Number.MIN_VALUE, 1), "give a share above 0 and up to 1");
const count = check((value) => isNumber(value, 1) && Number.isInteger(value), "give a whole number, 1 or more");
const texts = check(
  (value) => Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === "string"),
  "give a list of at least one text",
);
const knownVerbs: readonly unknown[] = [...Object.keys(apiVerbs), ...Object.values(apiVerbs)];
const verbs: Check = (value, path) => {
  const faults = texts(value, path);
  if (faults.length > 0) return faults;
  const unknown = (value as readonly string[]).filter((verb) => !knownVerbs.includes(verb));
  return unknown.flatMap((verb) => fault(path, verb, `verbs are ${Object.values(apiVerbs).join(", ")}`));
};

const matchCheck: Check = (value, path) =>
  isRecord(value)
    ? checkFields(
        value,
        {
          verbs: optional(verbs),
          resources: optional(texts),
          subresources: optional(texts),
          users: optional(texts),
          namespaces: optional(texts),
        },
        path,
      )
    : fault(path, value, "a match is { verbs?, resources?, subresources?, users?, namespaces? }");

/** The fields of each fault, beside its kind. */
const faultChecks: Readonly<Record<FaultRule["fault"]["kind"], Readonly<Record<string, Check>>>> = {
  delay: { delay: checkDistribution },
  stall: { atMs: span, forMs: span },
  error: {
    code: check((value) => isNumber(value, 400, 599) && Number.isInteger(value), "give an HTTP code of 400 to 599"),
    reason: check((value) => typeof value === "string" && value !== "", "give a reason, e.g. TooManyRequests"),
    retryAfterS: optional(check((value) => isNumber(value, 0), "give seconds, 0 or more")),
  },
  reset: {
    when: check((value) => value === "before-commit" || value === "after-commit", "give before-commit or after-commit"),
  },
  "half-open": {},
  goaway: {},
  "slow-watch": { eventDelayMs: span },
  "stalled-watch": { afterMs: span, forMs: span },
  "clock-offset": { offsetMs: check((value) => Number.isFinite(value), "give milliseconds") },
};

/** The figures of each distribution, beside its kind. */
const distributionChecks: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  constant: { ms: span },
  uniform: { minMs: span, maxMs: span },
  normal: { meanMs: span, stddevMs: span },
  exponential: { meanMs: span },
  lognormal: { medianMs: span, p99Ms: span },
};

function checkFault(value: unknown, path: string): readonly PlanFault[] {
  return checkKind(value, path, faultChecks);
}

function checkDistribution(value: unknown, path: string): readonly PlanFault[] {
  const faults = checkKind(value, path, distributionChecks);
  if (faults.length > 0) return faults;
  const { kind, minMs, maxMs, medianMs, p99Ms } = value as Record<string, number | string>;
  if (kind === "uniform" && Number(minMs) > Number(maxMs)) return fault(path, value, "minMs must not exceed maxMs");
  if (kind === "lognormal" && !(Number(medianMs) > 0 && Number(medianMs) < Number(p99Ms))) {
    return fault(path, value, "medianMs must be above 0 and below p99Ms");
  }
  return [];
}

function checkKind(
  value: unknown,
  path: string,
  table: Readonly<Record<string, Readonly<Record<string, Check>>>>,
): readonly PlanFault[] {
  const kinds = Object.keys(table).join(", ");
  if (!isRecord(value)) return fault(path, value, `give an object with a kind of ${kinds}`);
  const { kind } = value;
  const checks = typeof kind === "string" && Object.hasOwn(table, kind) ? table[kind] : undefined;
  return checks === undefined
    ? fault(join(path, "kind"), kind, `kinds are ${kinds}`)
    : checkFields(value, checks, path, ["kind"]);
}

function checkFields(
  value: Record<string, unknown>,
  checks: Readonly<Record<string, Check>>,
  path: string,
  others: readonly string[] = [],
): PlanFault[] {
  return [
    ...unknownFields(value, [...others, ...Object.keys(checks)], path),
    ...Object.entries(checks).flatMap(([field, run]) => run(value[field], join(path, field))),
  ];
}

function unknownFields(value: Record<string, unknown>, known: readonly string[], path: string): PlanFault[] {
  return Object.keys(value)
    .filter((field) => !known.includes(field))
    .map((field) => ({
      path: join(path, field),
      message: "is not known",
      remedy: known.length === 0 ? "nothing is known here" : `known are ${known.join(", ")}`,
    }));
}
