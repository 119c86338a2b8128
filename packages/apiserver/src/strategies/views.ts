import type { KubeObject } from "../object.ts";
import { semanticEqual } from "./semantic-equal.ts";

/** The object as its own kind; by now its shape has been checked against the schema. */
export function as<Kind>(object: KubeObject): Kind {
  return object as unknown as Kind;
}

/** RFC 3339 in whole seconds, as metav1.Time. */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -".000Z".length)}Z`;
}

/** Members of an object that are replaced whole. */
type Part = "spec" | "status";

/** Takes a part from the old object, be it there or not. */
export function keep(part: Part, object: KubeObject, old: KubeObject): void {
  if (old[part] === undefined) delete object[part];
  else object[part] = old[part];
}

/** The generation that a new object starts with, where its kind counts them. */
export function startGeneration(object: KubeObject): void {
  object.metadata.generation = 1;
}

/** One more where the desired state changed. @param changed default: whether the specs differ */
export function countGeneration(
  object: KubeObject,
  old: KubeObject,
  changed: boolean = !semanticEqual(object["spec"], old["spec"]),
): void {
  const before = old.metadata.generation ?? 0;
  const now = changed ? before + 1 : before;
  if (now > 0) object.metadata.generation = now;
}
