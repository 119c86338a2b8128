import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../object.ts";
import type { Strategy } from "./strategy.ts";
import { type FieldErrors, invalid } from "./validation/field-error.ts";
import { qualifiedNameFaults } from "./validation/names.ts";
import { as, keep } from "./views.ts";

// pkg/registry/core/namespace/strategy.go; core/validation/validation.go, ValidateNamespace and its updates

const finalizer = "kubernetes";
const nameLabel = "kubernetes.io/metadata.name";
const standardFinalizers = new Set([finalizer, "orphan", "foregroundDeletion"]);

/** One made with generateName has no name yet when it is defaulted. */
function setNameLabel({ metadata }: KubeObject): void {
  if (metadata.name) metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name };
}

function validateFinalizer(field: string, name: string): FieldErrors {
  const isFree = !name.includes("/") && !standardFinalizers.has(name);
  const text = "name is neither a standard finalizer name nor is it fully qualified";
  return [
    ...qualifiedNameFaults(name).map((fault) => invalid(field, name, fault)),
    ...(isFree ? [invalid(field, name, text)] : []),
  ];
}

function validate(object: KubeObject): FieldErrors {
  const finalizers: readonly string[] = as<json.Namespace>(object).spec?.finalizers ?? [];
  return finalizers.flatMap((name) => validateFinalizer("spec.finalizers", name));
}

function validatePhase(object: KubeObject): FieldErrors {
  const phase = as<json.Namespace>(object).status?.phase;
  const isDeleted = object.metadata.deletionTimestamp !== undefined;
  const expected = isDeleted ? "Terminating" : "Active";
  if (phase === expected) return [];
  const when = isDeleted ? "is not empty" : "is empty";
  return [invalid("status.Phase", phase, `may only be '${expected}' if \`deletionTimestamp\` ${when}`)];
}

export const namespaceStrategy: Strategy = {
  nameRule: "label",
  defaults(object) {
    setNameLabel(object);
    const namespace = as<json.Namespace>(object);
    namespace.spec ??= {};
    namespace.status ??= {};
    namespace.status.phase ||= "Active";
  },
  prepareForCreate(object) {
    setNameLabel(object);
    const namespace = as<json.Namespace>(object);
    namespace.status = { phase: "Active" };
    const finalizers: string[] = namespace.spec?.finalizers ?? [];
    if (!finalizers.includes(finalizer)) namespace.spec = { ...namespace.spec, finalizers: [...finalizers, finalizer] };
  },
  validate,
  prepareForUpdate(object, old) {
    keep("status", object, old);
    const spec: json.NamespaceSpec = { ...as<json.Namespace>(object).spec };
    const { finalizers } = as<json.Namespace>(old).spec ?? {};
    if (finalizers === undefined) delete spec.finalizers;
    else spec.finalizers = finalizers;
    object["spec"] = spec;
  },
  validateUpdate: validate,
  prepareForStatusUpdate: (object, old) => keep("spec", object, old),
  validateStatusUpdate: validatePhase,
  subresources: {
    finalize: {
      prepareForUpdate: (object, old) => keep("status", object, old),
      validateUpdate(object) {
        const finalizers: readonly string[] = as<json.Namespace>(object).spec?.finalizers ?? [];
        return finalizers.flatMap((name, index) => validateFinalizer(`spec.finalizers[${index}]`, name));
      },
    },
  },
  selectableFields: (object) => ({
    "status.phase": as<json.Namespace>(object).status?.phase ?? "",
    // A mistake of old that selectors rely on.
    name: object.metadata.name ?? "",
  }),
};
