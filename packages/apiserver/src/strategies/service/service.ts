import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import { semanticEqual } from "../semantic-equal.ts";
import type { Strategy } from "../strategy.ts";
import { as, keep } from "../views.ts";
import { allocateForCreate, allocateForUpdate } from "./allocate.ts";
import { setServiceDefaults } from "./service-defaults.ts";
import { isExternallyAccessible, needsClusterIp, needsHealthCheck, needsNodePort } from "./service-spec.ts";
import { validateService, validateServiceStatus, validateServiceUpdate } from "./validate-service.ts";

// pkg/registry/core/service/strategy.go; Services are allotted addresses before they are prepared

/** dropTypeDependentFields: what the new type has no use for, if the client left it as it was. */
function dropUnused(spec: json.ServiceSpec, before: json.ServiceSpec): void {
  const drop = (...members: readonly (keyof json.ServiceSpec)[]) => {
    for (const member of members) if (semanticEqual(spec[member], before[member])) delete spec[member];
  };
  if (needsClusterIp(before) && !needsClusterIp(spec)) {
    const isSame = spec.clusterIP === before.clusterIP && semanticEqual(spec.clusterIPs, before.clusterIPs);
    if (isSame) drop("clusterIP", "clusterIPs");
    drop("ipFamilies", "ipFamilyPolicy");
  }
  if (needsNodePort(before) && !needsNodePort(spec)) {
    const nodePorts = ({ ports = [] }: json.ServiceSpec) => ports.map(({ nodePort }) => nodePort ?? 0);
    if (semanticEqual(nodePorts(spec), nodePorts(before))) for (const port of spec.ports ?? []) delete port.nodePort;
  }
  if (needsHealthCheck(before) && !needsHealthCheck(spec)) drop("healthCheckNodePort");
  if (before.type === "LoadBalancer" && spec.type !== "LoadBalancer") {
    drop("allocateLoadBalancerNodePorts", "loadBalancerClass");
  }
  if (isExternallyAccessible(before) && !isExternallyAccessible(spec)) drop("externalTrafficPolicy");
}

function prepareForUpdate(object: KubeObject, old: KubeObject): void {
  keep("status", object, old);
  const service = as<json.Service>(object);
  const spec = service.spec ?? {};
  dropUnused(spec, as<json.Service>(old).spec ?? {});
  if (spec.type !== "LoadBalancer") service.status = { ...service.status, loadBalancer: {} };
}

/** Once defaulted by mistake, and taken away when read (storage.go, defaultOnReadInternalTrafficPolicy). */
function dropExternalNamePolicy(object: KubeObject): void {
  const { spec } = as<json.Service>(object);
  if (spec?.type === "ExternalName") delete spec.internalTrafficPolicy;
}

export const serviceStrategy: Strategy = {
  nameRule: "label",
  defaults: (object) => setServiceDefaults(as<json.Service>(object)),
  prepareForCreate(object, { services }) {
    allocateForCreate(object, services);
    object["status"] = { loadBalancer: {} };
    dropExternalNamePolicy(object);
  },
  validate: validateService,
  prepareForUpdate(object, old, { services }) {
    allocateForUpdate(object, old, services);
    prepareForUpdate(object, old);
    dropExternalNamePolicy(object);
  },
  validateUpdate: validateServiceUpdate,
  prepareForStatusUpdate: (object, old) => keep("spec", object, old),
  validateStatusUpdate: validateServiceStatus,
  allowCreateOnUpdate: true,
  selectableFields(object) {
    const { spec } = as<json.Service>(object);
    return { "spec.clusterIP": spec?.clusterIP ?? "", "spec.type": spec?.type ?? "" };
  },
};
