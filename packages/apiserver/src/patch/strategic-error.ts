import { HollowError } from "@hollowfleet/core";
import { goText, goType } from "./go-text.ts";
import type { Members } from "./members.ts";

/**
 * - `bad-format`: a directive is not written as it must be.
 * - `does-not-apply`: the patch does not fit the object or its type.
 */
export type StrategicErrorCode = "bad-format" | "does-not-apply";

/** Messages are those of apimachinery, pkg/util/mergepatch/errors.go and pkg/util/strategicpatch/patch.go. */
export class StrategicError extends HollowError<StrategicErrorCode> {}

export function badFormat(directive: "primitive list" | "retainKeys" | "setElementOrder list"): StrategicError {
  return new StrategicError("bad-format", `invalid patch format of ${directive}`);
}

export function doesNotApply(message: string): StrategicError {
  return new StrategicError("does-not-apply", message);
}

export function noMergeKey(element: Members, mergeKey: string): StrategicError {
  return doesNotApply(`map: ${goText(element)} does not contain declared merge key: ${mergeKey}`);
}

export function badType(expected: "map[string]interface {}" | "[]interface {}", actual: unknown): StrategicError {
  const type = actual === null || actual === undefined ? "%!s(<nil>)" : goType(actual);
  return doesNotApply(`expected a ${expected}, but received a ${type}`);
}

export function unknownDirective(directive: unknown, patch: Members): StrategicError {
  return doesNotApply(`unknown patch type: ${goText(directive)} in map: ${goText(patch)}`);
}
