import { labelSelectorRequirements, labelsMatch } from "@hollowfleet/wire";
import type { LabelSelector } from "./types.ts";

/** Selectors as they are compared, since one is asked about thousands of pods. */
const requirements = new WeakMap<LabelSelector, ReturnType<typeof labelSelectorRequirements>>();

/**
 * Whether a selector takes in an object with these labels; no selector takes in nothing, an empty one everything.
 * @throws SelectorError for a selector that no server admits
 */
export function selects(
  selector: LabelSelector | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  if (selector === undefined) return false;
  let known = requirements.get(selector);
  if (known === undefined) {
    known = labelSelectorRequirements(selector);
    requirements.set(selector, known);
  }
  return labelsMatch(known, labels ?? {});
}

/** Whether a plain map of labels, as Services have it, takes them in. An empty one takes in everything. */
export function matchesLabels(
  wanted: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  for (const key in wanted) if (labels?.[key] !== wanted[key]) return false;
  return true;
}

/** A selector that takes in everything: refused by Deployments, since it would adopt strangers. */
export function isEverything(selector: LabelSelector | undefined): boolean {
  const labels = Object.keys(selector?.matchLabels ?? {}).length;
  return selector !== undefined && labels === 0 && (selector.matchExpressions ?? []).length === 0;
}
