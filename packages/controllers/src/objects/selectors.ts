import { labelSelectorMatches } from "@hollowfleet/wire";
import type { LabelSelector } from "./types.ts";

/** Whether a selector takes in an object with these labels; no selector takes in nothing, an empty one everything. */
export function selects(
  selector: LabelSelector | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return selector !== undefined && labelSelectorMatches(selector, labels ?? {});
}

/** Whether a plain map of labels, as Services have it, takes them in. An empty one takes in everything. */
export function matchesLabels(
  wanted: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => labels?.[key] === value);
}

/** A selector that takes in everything: refused by Deployments, since it would adopt strangers. */
export function isEverything(selector: LabelSelector | undefined): boolean {
  const labels = Object.keys(selector?.matchLabels ?? {}).length;
  return selector !== undefined && labels === 0 && (selector.matchExpressions ?? []).length === 0;
}
