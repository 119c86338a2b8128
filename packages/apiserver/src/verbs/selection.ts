import {
  type FieldRequirement,
  type LabelSelectorRequirements,
  labelsMatch,
  parseFieldSelector,
  parseLabelSelector,
  SelectorError,
} from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import type { RequestInfo } from "../request-info.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { badRequest } from "../status-errors.ts";
import type { ListOptions } from "./api.ts";
import { type FieldReader, fieldReader, unknownLabelText } from "./field-labels.ts";

interface FieldCondition extends FieldRequirement {
  readonly read: FieldReader;
}

/** Which stored objects a list, watch or deletecollection is about. */
export class Selection {
  readonly #namespace: string;
  readonly #labels: LabelSelectorRequirements;
  readonly #fields: readonly FieldCondition[];

  constructor(namespace: string, labels: LabelSelectorRequirements, fields: readonly FieldCondition[]) {
    this.#namespace = namespace;
    this.#labels = labels;
    this.#fields = fields;
  }

  /** Without conditions on labels and fields. */
  get selectsAll(): boolean {
    return this.#labels.length === 0 && this.#fields.length === 0;
  }

  matches(object: KubeObject): boolean {
    const { namespace = "", labels } = object.metadata;
    if (this.#namespace !== "" && namespace !== this.#namespace) return false;
    for (const { read, operator, value } of this.#fields) {
      if ((read(object) === value) !== (operator === "=")) return false;
    }
    return this.#labels.length === 0 || labelsMatch(this.#labels, labels);
  }

  /** The value that a field must have, if one is demanded. */
  required(field: string): string | undefined {
    return this.#fields.find((condition) => condition.field === field && condition.operator === "=")?.value;
  }
}

/** @throws ApiError BadRequest for selectors that can't be read or name unknown fields (endpoints/handlers/get.go, listOpts) */
export function selectionOf(info: RequestInfo, { labelSelector = "", fieldSelector = "" }: ListOptions): Selection {
  const { resource, name } = info;
  const labels = readSelector(() => parseLabelSelector(labelSelector));
  const { requirements } = readSelector(() => parseFieldSelector(fieldSelector));
  const fields = requirements.map((requirement) => conditionOf(resource, requirement));
  if (name !== "") {
    const isNamed = fields.some(
      ({ field, operator, value }) => field === "metadata.name" && operator === "=" && value === name,
    );
    if (fields.length > 0 && !isNamed) throw badRequest("fieldSelector metadata.name doesn't match requested name");
    if (!isNamed) fields.push(conditionOf(resource, { field: "metadata.name", operator: "=", value: name }));
  }
  return new Selection(resource.namespaced ? info.namespace : "", labels, fields);
}

function conditionOf(resource: ResourceInfo, requirement: FieldRequirement): FieldCondition {
  const read = fieldReader(resource, requirement.field);
  if (read === undefined) throw badRequest(unknownLabelText(resource, requirement.field));
  // spec.host is the name that spec.nodeName had.
  const field = requirement.field === "spec.host" ? "spec.nodeName" : requirement.field;
  return { ...requirement, field, read };
}

function readSelector<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}
