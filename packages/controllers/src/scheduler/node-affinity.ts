import { nameOf } from "../objects/meta.ts";
import { matchesLabels } from "../objects/selectors.ts";
import type { Node, NodeSelectorRequirement, NodeSelectorTerm, PodSpec } from "../objects/types.ts";

/** Whether a node has what a pod's nodeSelector and required node affinity ask for (component-helpers, nodeaffinity). */
export function matchesNodeAffinity(spec: PodSpec | undefined, node: Node): boolean {
  if (spec?.nodeSelector !== undefined && !matchesLabels(spec.nodeSelector, node.metadata?.labels)) return false;
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || (required.nodeSelectorTerms ?? []).some((term) => matchesTerm(term, node));
}

/** An empty term matches nothing. */
function matchesTerm(term: NodeSelectorTerm, node: Node): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) => meets(requirement, node.metadata?.labels?.[requirement.key ?? ""])) &&
    matchFields.every((requirement) => requirement.key === "metadata.name" && meets(requirement, nameOf(node)))
  );
}

/** apimachinery/pkg/labels/selector.go Requirement.Matches */
function meets({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return isInteger(value) && isInteger(values[0]) && Number(value) > Number(values[0]);
    case "Lt":
      return isInteger(value) && isInteger(values[0]) && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

function isInteger(text: string | undefined): text is string {
  return text !== undefined && /^-?\d+$/.test(text);
}
