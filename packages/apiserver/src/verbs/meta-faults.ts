import type { StatusCause } from "../api-error.ts";
import type { KubeObject, ObjectMeta, OwnerReference } from "../object.ts";
import type { Strategy } from "../strategies/strategy.ts";
import { forbidden, invalid, invalidEach, required, tooLong } from "../strategies/validation/field-error.ts";
import {
  dns1035LabelFaults,
  dnsLabelFaults,
  dnsSubdomainFaults,
  labelValueFaults,
  pathSegmentFaults,
  qualifiedNameFaults,
} from "../strategies/validation/names.ts";

// What is checked of the metadata of every kind, in the order and the words of apimachinery/pkg/api/validation/objectmeta.go
// and, for finalizers, pkg/apis/core/validation/validation.go.

export type NameRule = NonNullable<Strategy["nameRule"]>;

const nameRules: Readonly<Record<NameRule, (name: string) => readonly string[]>> = {
  subdomain: dnsSubdomainFaults,
  label: dnsLabelFaults,
  "dns1035-label": dns1035LabelFaults,
  "path-segment": pathSegmentFaults,
};

/** Of all annotations together, names and values (TotalAnnotationSizeLimitB). */
const annotationBytesMax = 256 * 1024;
const standardFinalizers = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

/** @param isNamespaced whether objects of the kind have a namespace */
export function metaFaults(metadata: ObjectMeta, isNamespaced: boolean, nameRule: NameRule): StatusCause[] {
  return [
    ...nameFaults(metadata, nameRule),
    ...namespaceFaults(metadata.namespace ?? "", isNamespaced),
    ...labelFaults(metadata.labels),
    ...annotationFaults(metadata.annotations),
    ...ownerFaults(metadata.ownerReferences),
    ...finalizerFaults(metadata.finalizers),
  ];
}

function nameFaults({ name = "", generateName = "" }: ObjectMeta, nameRule: NameRule): StatusCause[] {
  const faultsOf = nameRules[nameRule];
  const faults = generateName === "" ? [] : faultsOf(maskTrailingDash(generateName, nameRule));
  return [
    ...invalidEach("metadata.generateName", generateName, faults),
    ...(name === ""
      ? [required("metadata.name", "name or generateName is required")]
      : invalidEach("metadata.name", name, faultsOf(name))),
  ];
}

/** A name may be begun with a dash at the end. Go's maskTrailingDash drops the character before it too; so does this. */
function maskTrailingDash(name: string, nameRule: NameRule): string {
  if (nameRule === "path-segment" || name.length < 2 || !name.endsWith("-")) return name;
  return `${name.slice(0, -2)}a`;
}

function namespaceFaults(namespace: string, isNamespaced: boolean): StatusCause[] {
  if (!isNamespaced) return namespace === "" ? [] : [forbidden("metadata.namespace", "not allowed on this type")];
  if (namespace === "") return [required("metadata.namespace")];
  return [...invalidEach("metadata.namespace", namespace, dnsLabelFaults(namespace))];
}

function labelFaults(labels: ObjectMeta["labels"] = {}): StatusCause[] {
  const path = "metadata.labels";
  return Object.entries(labels).flatMap(([key, value]) => [
    ...invalidEach(path, key, qualifiedNameFaults(key)),
    ...invalidEach(path, value, labelValueFaults(value)),
  ]);
}

function annotationFaults(annotations: ObjectMeta["annotations"] = {}): StatusCause[] {
  const path = "metadata.annotations";
  let bytes = 0;
  const faults: StatusCause[] = [];
  for (const [key, value] of Object.entries(annotations)) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
    faults.push(...invalidEach(path, key, qualifiedNameFaults(key.toLowerCase())));
  }
  if (bytes > annotationBytesMax) faults.push(tooLong(path, annotationBytesMax));
  return faults;
}

function ownerFaults(owners: readonly OwnerReference[] = []): StatusCause[] {
  const path = "metadata.ownerReferences";
  const faults: StatusCause[] = [];
  let controller: string | undefined;
  for (const owner of owners) {
    const { apiVersion = "", kind = "", name = "", uid = "" } = owner;
    // "apps/", "a/b/c" and "" have no version.
    if (!/^([^/]+\/)?[^/]+$/.test(apiVersion)) {
      faults.push(invalid(`${path}.apiVersion`, apiVersion, "version must not be empty"));
    }
    if (kind === "") faults.push(invalid(`${path}.kind`, kind, "must not be empty"));
    if (name === "") faults.push(invalid(`${path}.name`, name, "must not be empty"));
    if (uid === "") faults.push(invalid(`${path}.uid`, uid, "must not be empty"));
    if (apiVersion === "v1" && kind === "Event") {
      faults.push(invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner"));
    }
    if (owner.controller !== true) continue;
    const current = `${kind}/${name}`;
    if (controller !== undefined) {
      const found = `Found "true" in references for ${controller} and ${current}`;
      faults.push(invalid(path, owners, `Only one reference can have Controller set to true. ${found}`));
    }
    controller ??= current;
  }
  return faults;
}

function finalizerFaults(finalizers: readonly string[] = []): StatusCause[] {
  const path = "metadata.finalizers";
  const faults: StatusCause[] = finalizers.flatMap((name) => [...invalidEach(path, name, qualifiedNameFaults(name))]);
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    faults.push(invalid(path, finalizers, "finalizer orphan and foregroundDeletion cannot be both set"));
  }
  return faults;
}

/** Finalizers without a domain are those of Kubernetes itself. */
export function finalizerDomainFaults({ finalizers = [] }: ObjectMeta): StatusCause[] {
  return finalizers.flatMap((name, i) =>
    name.includes("/") || standardFinalizers.has(name)
      ? []
      : [
          invalid(
            `metadata.finalizers[${i}]`,
            name,
            "name is neither a standard finalizer name nor is it fully qualified",
          ),
        ],
  );
}

/** What must not change, or only in one direction. */
export function metaUpdateFaults(object: KubeObject, old: KubeObject): StatusCause[] {
  const { metadata } = object;
  const before = old.metadata;
  const faults: StatusCause[] = [];
  if (before.deletionTimestamp !== undefined) {
    const extra = (metadata.finalizers ?? []).filter((name) => !before.finalizers?.includes(name)).sort();
    if (extra.length > 0) {
      const list = `[]string{${extra.map((name) => JSON.stringify(name)).join(", ")}}`;
      const text = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`;
      faults.push(forbidden("metadata.finalizers", text));
    }
  }
  if ((metadata.generation ?? 0) < (before.generation ?? 0)) {
    faults.push(invalid("metadata.generation", metadata.generation ?? 0, "must not be decremented"));
  }
  for (const member of immutables) {
    if ((metadata[member] ?? "") === (before[member] ?? "")) continue;
    faults.push(invalid(`metadata.${member}`, metadata[member] ?? null, "field is immutable"));
  }
  return [
    ...faults,
    ...labelFaults(metadata.labels),
    ...annotationFaults(metadata.annotations),
    ...ownerFaults(metadata.ownerReferences),
  ];
}

const immutables = [
  "name",
  "namespace",
  "uid",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
] as const;
