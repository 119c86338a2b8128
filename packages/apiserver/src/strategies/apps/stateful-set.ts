import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import {
  setTemplateDefaults,
  validateAnnotations,
  validateRunsForever,
  validateTemplate,
  validateTemplateLabels,
} from "../pod/pod-template.ts";
import { semanticEqual } from "../semantic-equal.ts";
import { setClaimSpecDefaults } from "../storage/claim-defaults.ts";
import { validateClaimSpec } from "../storage/validate-claim.ts";
import type { Strategy } from "../strategy.ts";
import { validateCounts, validateDnsLabel, validateNonNegative, validateNotMoreThan } from "../validation/common.ts";
import { type FieldErrors, forbidden, invalid, notSupported, required } from "../validation/field-error.ts";
import { intOrPercentValue, validateAtMost100Percent, validateIntOrPercent } from "../validation/int-or-percent.ts";
import { isUnusableSelector, shownSelector, validateLabels } from "../validation/labels.ts";
import { as, keep } from "../views.ts";
import { prepareWorkload, prepareWorkloadUpdate, validateCollisionCount, validateSelector } from "./workload.ts";

// pkg/registry/apps/statefulset/strategy.go; apps/v1/defaults.go; apps/validation/validation.go, ValidateStatefulSetSpec

function defaults(object: KubeObject): void {
  const set = as<json.StatefulSet>(object);
  set.spec ??= {} as json.StatefulSetSpec;
  const { spec } = set;
  spec.podManagementPolicy ||= "OrderedReady";
  spec.updateStrategy ??= {};
  if (!spec.updateStrategy.type) {
    spec.updateStrategy.type = "RollingUpdate";
    spec.updateStrategy.rollingUpdate ??= {};
  }
  const { type, rollingUpdate } = spec.updateStrategy;
  if (type === "RollingUpdate" && rollingUpdate) {
    rollingUpdate.partition ??= 0;
  }
  spec.persistentVolumeClaimRetentionPolicy ??= {};
  spec.persistentVolumeClaimRetentionPolicy.whenDeleted ||= "Retain";
  spec.persistentVolumeClaimRetentionPolicy.whenScaled ||= "Retain";
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  spec.template ??= {};
  setTemplateDefaults(spec.template);
  for (const claim of spec.volumeClaimTemplates ?? []) {
    claim.status ??= {};
    claim.status.phase ||= "Pending";
    claim.spec ??= {};
    setClaimSpecDefaults(claim.spec);
  }
}

function specOf(object: KubeObject): json.StatefulSetSpec {
  return as<json.StatefulSet>(object).spec ?? ({} as json.StatefulSetSpec);
}

/** @param isNew names and claims of one that exists can't change, and are not looked at */
function validateSpec(spec: json.StatefulSetSpec, isNew: boolean): FieldErrors {
  const { serviceName = "", podManagementPolicy: policy = "", ordinals, selector } = spec;
  const isPolicy = policy === "OrderedReady" || policy === "Parallel";
  return [
    ...(isPolicy ? [] : [invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'")]),
    ...validateUpdateStrategy(spec.updateStrategy ?? {}),
    ...validateRetention(spec.persistentVolumeClaimRetentionPolicy ?? {}),
    ...(isNew
      ? (spec.volumeClaimTemplates ?? []).flatMap((claim, index) =>
          validateClaimSpec(`spec.volumeClaimTemplates[${index}].spec`, claim.spec ?? {}),
        )
      : []),
    ...validateNonNegative("spec.replicas", spec.replicas),
    ...validateNonNegative("spec.minReadySeconds", spec.minReadySeconds),
    ...validateNonNegative("spec.ordinals.start", ordinals?.start),
    ...(isNew && serviceName !== "" ? validateDnsLabel("spec.serviceName", serviceName) : []),
    ...validateSelector(selector, "statefulset"),
    ...(isUnusableSelector(selector)
      ? [invalid("spec.selector", shownSelector(selector), "")]
      : validateOwnTemplate(spec)),
    ...validateRunsForever("spec.template", spec.template, "StatefulSet"),
  ];
}

/** The controller gives each pod its own name and volumes, so those of the template are not looked at. */
function validateOwnTemplate(spec: json.StatefulSetSpec): FieldErrors {
  const field = "spec.template";
  const { template = {} } = spec;
  const claims = new Map(
    (spec.volumeClaimTemplates ?? []).map(({ metadata }) => {
      const name = metadata?.name ?? "";
      return [name, { name, persistentVolumeClaim: { claimName: name } }];
    }),
  );
  const { hostname: _, subdomain: __, ...podSpec } = template.spec ?? ({} as json.PodSpec);
  const volumes = [...claims.values(), ...(podSpec.volumes ?? []).filter(({ name }) => !claims.has(name ?? ""))];
  const shown = { ...template, spec: { ...podSpec, volumes } } as json.PodTemplateSpec;
  const { labels, annotations } = template.metadata ?? {};
  return [
    ...validateTemplateLabels(field, template, spec.selector),
    ...validateTemplate(field, shown),
    // Looked at a second time, as upstream.
    ...validateLabels(`${field}.labels`, labels),
    ...validateAnnotations(`${field}.annotations`, annotations),
  ];
}

function validateUpdateStrategy({ type = "", rollingUpdate }: json.StatefulSetUpdateStrategy): FieldErrors {
  const field = "spec.updateStrategy";
  if (type === "") return [required(field)];
  if (type === "OnDelete") {
    if (rollingUpdate === undefined) return [];
    const shown = inGoForm(rollingUpdate);
    return [invalid(`${field}.rollingUpdate`, shown, "only allowed for updateStrategy 'RollingUpdate'")];
  }
  if (type !== "RollingUpdate") {
    const shown = { Type: type, RollingUpdate: rollingUpdate ? inGoForm(rollingUpdate) : null };
    return [invalid(field, shown, "must be 'RollingUpdate' or 'OnDelete'")];
  }
  const { partition, maxUnavailable } = rollingUpdate ?? {};
  const path = `${field}.rollingUpdate.maxUnavailable`;
  return [
    ...validateNonNegative(`${field}.rollingUpdate.partition`, partition),
    ...(maxUnavailable === undefined
      ? []
      : [
          ...validateIntOrPercent(path, maxUnavailable),
          ...(intOrPercentValue(maxUnavailable) === 0 ? [invalid(path, maxUnavailable, "cannot be 0")] : []),
          ...validateAtMost100Percent(path, maxUnavailable),
        ]),
  ];
}

/** The internal type has no JSON names. */
function inGoForm({ partition = 0, maxUnavailable }: json.RollingUpdateStatefulSetStrategy): unknown {
  return { Partition: partition, MaxUnavailable: maxUnavailable ?? null };
}

function validateRetention(policy: json.StatefulSetPersistentVolumeClaimRetentionPolicy): FieldErrors {
  const field = "spec.persistentVolumeClaimRetentionPolicy";
  return (["whenDeleted", "whenScaled"] as const).flatMap((member) => {
    const value = policy[member];
    const isKnown = value === "Retain" || value === "Delete";
    return isKnown ? [] : [notSupported(`${field}.${member}`, value, ["Retain", "Delete"])];
  });
}

const mutable = new Set([
  "replicas",
  "template",
  "updateStrategy",
  "minReadySeconds",
  "ordinals",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
]);
const mutableText =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

function validateChange(spec: json.StatefulSetSpec, before: json.StatefulSetSpec): FieldErrors {
  const fixed = (one: json.StatefulSetSpec) =>
    Object.fromEntries(Object.entries(one).filter(([member]) => !mutable.has(member)));
  return semanticEqual(fixed(spec), fixed(before)) ? [] : [forbidden("spec", mutableText)];
}

function validateStatus(object: KubeObject, old: KubeObject): FieldErrors {
  const status = (object["status"] ?? {}) as Readonly<Record<string, unknown>>;
  const members = ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"];
  return [
    ...validateCounts(status, ["replicas", ...members, "observedGeneration", "collisionCount"]),
    ...validateNotMoreThan(status, members, "replicas", "cannot be greater than status.replicas"),
    ...validateNotMoreThan(
      status,
      ["availableReplicas"],
      "readyReplicas",
      "cannot be greater than status.readyReplicas",
    ),
    ...validateCollisionCount(object, old),
  ];
}

/** MaxUnavailableStatefulSet is off by default: what a client says of it is dropped, unless it was there before. */
function dropMaxUnavailable(object: KubeObject, old?: KubeObject): void {
  const before = old && specOf(old).updateStrategy?.rollingUpdate?.maxUnavailable;
  if (before === undefined) delete specOf(object).updateStrategy?.rollingUpdate?.maxUnavailable;
}

export const statefulSetStrategy: Strategy = {
  nameRule: "label",
  defaults,
  prepareForCreate(object) {
    prepareWorkload(object, { replicas: 0, availableReplicas: 0 });
    dropMaxUnavailable(object);
  },
  validate: (object) => validateSpec(specOf(object), true),
  prepareForUpdate(object, old) {
    dropMaxUnavailable(object, old);
    prepareWorkloadUpdate(object, old);
  },
  validateUpdate: (object, old) => [
    ...validateSpec(specOf(object), false),
    ...validateChange(specOf(object), specOf(old)),
  ],
  prepareForStatusUpdate: (object, old) => keep("spec", object, old),
  validateStatusUpdate: validateStatus,
};
