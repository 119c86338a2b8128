import type { KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import type { Strategy, UpdateStrategy } from "../strategies/strategy.ts";

/** What an update of the object itself, or of one of its subresources, may change. */
export function partStrategy(strategy: Strategy, { subresource }: RequestInfo): UpdateStrategy {
  if (subresource === "") return strategy;
  if (subresource === "status") {
    return {
      prepareForUpdate: (object, old, context) => {
        if (strategy.prepareForStatusUpdate === undefined) keepAllBut(object, old, "status");
        else strategy.prepareForStatusUpdate(object, old, context);
      },
      validateUpdate: (object, old) => strategy.validateStatusUpdate?.(object, old) ?? [],
    };
  }
  return strategy.subresources?.[subresource] ?? { prepareForUpdate: (object, old) => keepAllBut(object, old, "") };
}

/** Takes all members but metadata and one from the old object. */
function keepAllBut(object: KubeObject, old: KubeObject, part: string): void {
  for (const member of Object.keys(object)) {
    if (member !== "metadata" && member !== part && !Object.hasOwn(old, member)) delete object[member];
  }
  for (const [member, value] of Object.entries(old)) {
    if (member !== "metadata" && member !== part) object[member] = value;
  }
}
