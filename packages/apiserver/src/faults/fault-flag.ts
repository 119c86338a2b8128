import { type Distribution, parseDistribution, parseSpanMs } from "@hollowfleet/core";
import { checkFaultRule, type PlanFault } from "./fault-checks.ts";
import { FaultError } from "./fault-error.ts";
import { type Fault, type FaultMatch, type FaultRule, reasonsByCode } from "./fault-plan.ts";

/**
 * Reads one rule as a flag has it: the fault first or anywhere, the rest in any order, split by commas.
 *
 *   delay=1500ms,share=3%,verb=PUT,resource=leases      delay=lognormal(400ms,2s),user=system:node:*
 *   stall=5s,at=30s      error=429,retry-after=2s,every=10      error=410,reason=Gone
 *   reset=after-commit,share=1%      half-open,every=1000      goaway,every=500
 *   slow-watch=200ms,resource=pods|nodes      stalled-watch=10s,after=5s      clock-offset=-5s
 *
 * @throws FaultError invalid-fault, naming the field, its value and the remedy
 */
export function parseFaultFlag(text: string): FaultRule {
  const fields = readFields(text);
  const kinds = [...fields.keys()].filter((key): key is Fault["kind"] => Object.hasOwn(faultReaders, key));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    const found = kinds.length > 1 ? `names ${kinds.join(" and ")}` : "names no fault";
    throw new FaultError("invalid-fault", `--fault "${text}" ${found}`, {
      remedy: `name one of ${Object.keys(faultReaders).join(", ")}; a second fault is a second --fault`,
    });
  }
  const own = faultFields[kind] ?? [];
  for (const [key, value] of fields) {
    if (key !== kind && !own.includes(key) && !ruleFields.includes(key)) {
      throw wrong(key, value, `known beside ${kind} are ${[...own, ...ruleFields].join(", ")}`);
    }
  }
  const fault = faultReaders[kind](fields.get(kind) ?? "", fields);
  const match: FaultMatch = Object.fromEntries(
    matchFields.flatMap(([key, field]) => (fields.has(key) ? [[field, fields.get(key)?.split("|")]] : [])),
  );
  const rule: FaultRule = {
    ...(Object.keys(match).length > 0 && { match }),
    ...(fields.has("share") && { share: readShare(fields.get("share") ?? "") }),
    ...(fields.has("every") && { every: readNumber("every", fields) }),
    fault,
  };
  const faults = checkFaultRule(rule, "");
  if (faults.length > 0) throw planError(`--fault "${text}"`, faults);
  return rule;
}

/** The rule as a flag has it; `parseFaultFlag` gives an equal rule back. */
export function formatFaultFlag({ match = {}, share, every, fault }: FaultRule): string {
  const parts = [formatFault(fault)];
  if (share !== undefined) parts.push(`share=${share}`);
  if (every !== undefined) parts.push(`every=${every}`);
  for (const [key, field] of matchFields) {
    const values = match[field];
    if (values !== undefined) parts.push(`${key}=${values.join("|")}`);
  }
  return parts.join(",");
}

/** One error for all faults of a plan. */
function planError(what: string, faults: readonly PlanFault[]): FaultError {
  const lines = faults.map(({ path, message, remedy }) => `${path === "" ? "" : `${path} `}${message}; ${remedy}`);
  return new FaultError("invalid-fault", `${what}: ${lines.join("; ")}`);
}

const matchFields = [
  ["verb", "verbs"],
  ["resource", "resources"],
  ["subresource", "subresources"],
  ["user", "users"],
  ["namespace", "namespaces"],
] as const satisfies readonly (readonly [string, keyof FaultMatch])[];

/** Fields that any fault may have beside it. */
const ruleFields: readonly string[] = ["share", "every", ...matchFields.map(([key]) => key)];

/** Fields that belong to one fault, beside the one that names it. */
const faultFields: Readonly<Partial<Record<Fault["kind"], readonly string[]>>> = {
  stall: ["at"],
  error: ["reason", "retry-after"],
  "stalled-watch": ["after"],
};

type Fields = ReadonlyMap<string, string>;

const faultReaders: Readonly<Record<Fault["kind"], (value: string, fields: Fields) => Fault>> = {
  delay: (value) => ({ kind: "delay", delay: readDistribution(value) }),
  stall: (value, fields) => ({ kind: "stall", atMs: readSpan("at", fields, 0), forMs: readSpanMs("stall", value) }),
  error(value, fields) {
    const code = readNumber("error", fields);
    const retryAfterS = fields.has("retry-after") ? readSpan("retry-after", fields) / 1000 : undefined;
    const reason = fields.get("reason") ?? reasonsByCode[code];
    if (reason === undefined) throw wrong("error", value, "add reason=… for a code without a usual one");
    return { kind: "error", code, reason, ...(retryAfterS !== undefined && { retryAfterS }) };
  },
  reset(value) {
    if (value === "before-commit" || value === "after-commit") return { kind: "reset", when: value };
    throw wrong("reset", value, "write before-commit or after-commit");
  },
  "half-open": (value) => bare("half-open", value),
  goaway: (value) => bare("goaway", value),
  "slow-watch": (value) => ({ kind: "slow-watch", eventDelayMs: readSpanMs("slow-watch", value) }),
  "stalled-watch": (value, fields) => ({
    kind: "stalled-watch",
    afterMs: readSpan("after", fields, 0),
    forMs: readSpanMs("stalled-watch", value),
  }),
  "clock-offset"(value) {
    const sign = value.startsWith("-") ? -1 : 1;
    return { kind: "clock-offset", offsetMs: sign * readSpanMs("clock-offset", value.replace(/^[-+]/, "")) };
  },
};

function bare<Kind extends "half-open" | "goaway">(kind: Kind, value: string): { readonly kind: Kind } {
  if (value !== "") throw wrong(kind, value, `write ${kind} without a value`);
  return { kind };
}

/** Commas inside of parentheses belong to a distribution. */
function readFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const part of text.split(/,(?![^(]*\))/)) {
    const [key = "", ...rest] = part.trim().split("=");
    const value = rest.join("=");
    if (fields.has(key)) throw wrong(key, value, "it is given twice; several values are written with | between them");
    fields.set(key, value);
  }
  return fields;
}

function readShare(value: string): number {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(value);
  // Divided in decimal: 3 / 100 is the 0.03 that a plan would say.
  const share = percent === null ? Number(value === "" ? Number.NaN : value) : Number(`${percent[1]}e-2`);
  if (!(share > 0 && share <= 1)) throw wrong("share", value, "write a share above 0 and up to 1, e.g. 3% or 0.03");
  return share;
}

function readNumber(field: string, fields: Fields): number {
  const value = fields.get(field) ?? "";
  if (!/^\d+$/.test(value)) throw wrong(field, value, "write a whole number");
  return Number(value);
}

function readSpan(field: string, fields: Fields, missing?: number): number {
  const value = fields.get(field);
  return value === undefined && missing !== undefined ? missing : readSpanMs(field, value ?? "");
}

function readSpanMs(field: string, value: string): number {
  const spanMs = parseSpanMs(value);
  if (spanMs === undefined) throw wrong(field, value, "write a span such as 250ms, 1.5s or 2m");
  return spanMs;
}

function readDistribution(value: string): Distribution {
  const found = parseDistribution(value);
  if (found !== undefined) return found;
  throw wrong("delay", value, "write a span (1500ms) or uniform(…), normal(…), exponential(…), lognormal(…)");
}

function wrong(field: string, value: string, remedy: string): FaultError {
  return new FaultError("invalid-fault", `--fault: ${field} "${value}" is not understood`, { remedy });
}

function formatFault(fault: Fault): string {
  switch (fault.kind) {
    case "delay":
      return `delay=${formatDistribution(fault.delay)}`;
    case "stall":
      return `stall=${fault.forMs}ms,at=${fault.atMs}ms`;
    case "error": {
      const { code, reason, retryAfterS } = fault;
      return `error=${code},reason=${reason}${retryAfterS === undefined ? "" : `,retry-after=${retryAfterS}s`}`;
    }
    case "reset":
      return `reset=${fault.when}`;
    case "half-open":
    case "goaway":
      return fault.kind;
    case "slow-watch":
      return `slow-watch=${fault.eventDelayMs}ms`;
    case "stalled-watch":
      return `stalled-watch=${fault.forMs}ms,after=${fault.afterMs}ms`;
    case "clock-offset":
      return `clock-offset=${fault.offsetMs}ms`;
  }
}

function formatDistribution(distribution: Distribution): string {
  switch (distribution.kind) {
    case "constant":
      return `${distribution.ms}ms`;
    case "uniform":
      return `uniform(${distribution.minMs}ms,${distribution.maxMs}ms)`;
    case "normal":
      return `normal(${distribution.meanMs}ms,${distribution.stddevMs}ms)`;
    case "exponential":
      return `exponential(${distribution.meanMs}ms)`;
    case "lognormal":
      return `lognormal(${distribution.medianMs}ms,${distribution.p99Ms}ms)`;
  }
}
