import type { KubeObject } from "../object.ts";
import { groupVersion, type ResourceInfo } from "../resources/resource-info.ts";
import { valueAt } from "./json-value.ts";

/** Reads a field that selectors can name; "" for what is absent. */
export type FieldReader = (object: KubeObject) => string;

/** Labels beside metadata.name and metadata.namespace, each with the path of its value. */
type Labels = Readonly<Record<string, FieldReader>>;

function path(...members: string[]): FieldReader {
  return (object) => String(valueAt(object, members) ?? "");
}

/** A member whose name is the label's. */
function same(...labels: string[]): Labels {
  return Object.fromEntries(labels.map((label) => [label, path(...label.split("."))]));
}

const flag =
  (...members: string[]): FieldReader =>
  (object) =>
    String(valueAt(object, members) === true);

const count =
  (...members: string[]): FieldReader =>
  (object) =>
    String(valueAt(object, members) ?? 0);

const podAddress: FieldReader = (object) => path("status", "podIPs", "0", "ip")(object);
const nowhere: FieldReader = () => "";

const references = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

const eventSource: FieldReader = (object) => path("source", "component")(object) || path("reportingComponent")(object);

/**
 * By storage key (pkg/apis/core/v1/conversion.go and its siblings; values as in the GetAttrs and ToSelectableFields of
 * pkg/registry). Kinds that are not here know metadata.name and metadata.namespace only.
 */
const labelsByKey: Readonly<Record<string, Labels>> = {
  pods: {
    ...same("spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase"),
    ...same("status.nominatedNodeName"),
    "spec.hostNetwork": flag("spec", "hostNetwork"),
    "status.podIP": podAddress,
    // Accepted, but without a value.
    "status.podIPs": nowhere,
    "spec.host": path("spec", "nodeName"),
  },
  nodes: { "spec.unschedulable": flag("spec", "unschedulable") },
  namespaces: same("status.phase"),
  secrets: same("type"),
  services: same("spec.clusterIP", "spec.type"),
  replicationcontrollers: { "status.replicas": count("status", "replicas") },
  "jobs.batch": { "status.successful": count("status", "succeeded") },
  "certificatesigningrequests.certificates.k8s.io": same("spec.signerName"),
  "resourceslices.resource.k8s.io": same("spec.nodeName", "spec.driver"),
  events: {
    ...same(...references.map((member) => `involvedObject.${member}`), "reason", "reportingComponent", "type"),
    source: eventSource,
  },
};

const newEventLabels: Labels = {
  ...Object.fromEntries(references.map((member) => [`regarding.${member}`, path("involvedObject", member)])),
  ...same("reason", "type"),
  reportingController: path("reportingComponent"),
};

const metadataLabels: Labels = same("metadata.name", "metadata.namespace");

/** Cluster-scoped kinds whose own list of labels leaves metadata.namespace out. */
const withoutNamespace = new Set([
  "nodes",
  "namespaces",
  "certificatesigningrequests.certificates.k8s.io",
  "resourceslices.resource.k8s.io",
]);

/** How to read a field of a resource's stored objects by its label; undefined if selectors may not name it. */
export function fieldReader(resource: ResourceInfo, label: string): FieldReader | undefined {
  const { storageKey, group } = resource;
  const own = storageKey === "events" && group !== "" ? newEventLabels : labelsByKey[storageKey];
  if (own !== undefined && Object.hasOwn(own, label)) return own[label];
  if (label === "metadata.namespace" && withoutNamespace.has(storageKey)) return undefined;
  return Object.hasOwn(metadataLabels, label) ? metadataLabels[label] : undefined;
}

/** What the real server says of a label that it does not know. */
export function unknownLabelText(resource: ResourceInfo, label: string): string {
  const { storageKey, kind } = resource;
  if (storageKey === "jobs.batch") return `field label "${label}" not supported for Job`;
  if (storageKey === "resourceslices.resource.k8s.io") {
    const [group, version] = groupVersion(resource).split("/");
    return `field label not supported for ${group}/${version}, Kind=${kind}: ${label}`;
  }
  if (labelsByKey[storageKey] !== undefined) return `field label not supported: ${label}`;
  return `"${label}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
}
