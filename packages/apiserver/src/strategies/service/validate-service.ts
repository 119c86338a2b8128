import type { json } from "@hollowfleet/wire";
import type { KubeObject } from "../../object.ts";
import { validateOneOf, validateProtocol } from "../pod/validate-containers.ts";
import { validatePort } from "../pod/validate-probes.ts";
import { validateDnsLabel, validateDnsSubdomain, validateQualifiedName } from "../validation/common.ts";
import {
  duplicate,
  type FieldErrors,
  forbidden,
  invalid,
  invalidEach,
  notSupported,
  required,
} from "../validation/field-error.ts";
import { validateCidr, validateEndpointIp, validateIp } from "../validation/ip.ts";
import { validateLabels } from "../validation/labels.ts";
import { dnsSubdomainFaults, portNumberFaults } from "../validation/names.ts";
import { as } from "../views.ts";
import { isExternallyAccessible, isHeadless, needsHealthCheck } from "./service-spec.ts";
import { validateClusterIpChange, validateClusterIps } from "./validate-cluster-ips.ts";

// core/validation/validation.go, validateService and its updates

export function validateService(object: KubeObject): FieldErrors {
  return validateSpec(as<json.Service>(object).spec ?? {}, undefined);
}

export function validateServiceUpdate(object: KubeObject, old: KubeObject): FieldErrors {
  const spec = as<json.Service>(object).spec ?? {};
  const before = as<json.Service>(old).spec ?? {};
  const areBalanced = spec.type === "LoadBalancer" && before.type === "LoadBalancer";
  const isClassChanged = areBalanced && spec.loadBalancerClass !== before.loadBalancerClass;
  const isCheckMoved =
    needsHealthCheck(spec) && needsHealthCheck(before) && spec.healthCheckNodePort !== before.healthCheckNodePort;
  return [
    ...validateClusterIpChange(spec, before),
    ...(isClassChanged ? [invalid("spec.loadBalancerClass", spec.loadBalancerClass, "may not change once set")] : []),
    ...(isCheckMoved ? [forbidden("spec.healthCheckNodePort", "field is immutable")] : []),
    ...validateSpec(spec, before),
  ];
}

const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const affinities = ["ClientIP", "None"];

function validateSpec(spec: json.ServiceSpec, before: json.ServiceSpec | undefined): FieldErrors {
  const { ports = [], type = "", sessionAffinity = "" } = spec;
  const needsPorts = ports.length === 0 && !isHeadless(spec) && type !== "ExternalName";
  const names = new Set<string>();
  return [
    ...(needsPorts ? [required("spec.ports")] : []),
    ...validateType(spec),
    ...ports.flatMap((port, index) => validateServicePort(`spec.ports[${index}]`, port, ports.length > 1, names)),
    ...validateLabels("spec.selector", spec.selector),
    ...validateOneOf("spec.sessionAffinity", sessionAffinity, affinities),
    ...validateAffinity(spec),
    ...validateClusterIps(spec, before),
    ...validateExternalIps(spec, before),
    ...validateOneOf("spec.type", type, types),
    ...validateNodePorts(spec),
    ...validateRepeatedPorts(ports),
    ...validateBalancer(spec, before),
    ...validateExternalTraffic(spec),
    ...validateInternalTraffic(spec),
  ];
}

function validateType(spec: json.ServiceSpec): FieldErrors {
  const { type } = spec;
  if (type === "LoadBalancer" || type === "NodePort") {
    if (!isHeadless(spec)) return [];
    return [invalid("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${type} services`)];
  }
  if (type !== "ExternalName") return [];
  const name = (spec.externalName ?? "").replace(/\.$/, "");
  const refuse = (member: string) => forbidden(`spec.${member}`, "may not be set for ExternalName services");
  return [
    ...((spec.clusterIPs ?? []).length > 0 ? [refuse("clusterIPs")] : []),
    ...((spec.ipFamilies ?? []).length > 0 ? [refuse("ipFamilies")] : []),
    ...(spec.ipFamilyPolicy === undefined ? [] : [refuse("ipFamilyPolicy")]),
    ...(name === "" ? [required("spec.externalName")] : validateDnsSubdomain("spec.externalName", name)),
  ];
}

function validateServicePort(
  field: string,
  port: json.ServicePort,
  needsName: boolean,
  names: Set<string>,
): FieldErrors {
  const { name = "", protocol = "", appProtocol } = port;
  const isRepeated = name !== "" && names.has(name);
  if (name !== "") names.add(name);
  return [
    ...(needsName && name === "" ? [required(`${field}.name`)] : []),
    ...(name === "" ? [] : validateDnsLabel(`${field}.name`, name)),
    ...(isRepeated ? [duplicate(`${field}.name`, name)] : []),
    ...invalidEach(`${field}.port`, port.port ?? 0, portNumberFaults(port.port ?? 0)),
    ...validateProtocol(`${field}.protocol`, protocol),
    ...validatePort(`${field}.targetPort`, port.targetPort),
    ...(appProtocol === undefined ? [] : validateQualifiedName(`${field}.appProtocol`, appProtocol)),
  ];
}

const maxAffinitySeconds = 86400;

function validateAffinity({ sessionAffinity, sessionAffinityConfig: config }: json.ServiceSpec): FieldErrors {
  const field = "spec.sessionAffinityConfig";
  if (sessionAffinity === "None") {
    return config === undefined ? [] : [forbidden(field, "must not be set when session affinity is None")];
  }
  const seconds = config?.clientIP?.timeoutSeconds;
  if (sessionAffinity !== "ClientIP" || seconds === undefined) return [];
  if (seconds > 0 && seconds <= maxAffinitySeconds) return [];
  const text = `must be greater than 0 and less than ${maxAffinitySeconds}`;
  return [invalid(`${field}.clientIP.timeoutSeconds`, seconds, text)];
}

function validateExternalIps(spec: json.ServiceSpec, before: json.ServiceSpec | undefined): FieldErrors {
  return (spec.externalIPs ?? []).flatMap((address, index) => {
    const path = `spec.externalIPs[${index}]`;
    const faults = validateIp(path, address, before?.externalIPs);
    return faults.length > 0 ? faults : validateEndpointIp(path, address);
  });
}

function validateNodePorts({ type, ports = [] }: json.ServiceSpec): FieldErrors {
  const seen = new Set<string>();
  const refused = ports.flatMap(({ nodePort }, index) =>
    type === "ClusterIP" && nodePort
      ? [forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'")]
      : [],
  );
  const repeated = ports.flatMap(({ nodePort, protocol }, index) => {
    const key = `${protocol}/${nodePort}`;
    if (!nodePort) return [];
    if (seen.has(key)) return [duplicate(`spec.ports[${index}].nodePort`, nodePort)];
    seen.add(key);
    return [];
  });
  return [...refused, ...repeated];
}

function validateRepeatedPorts(ports: readonly json.ServicePort[]): FieldErrors {
  const seen = new Set<string>();
  return ports.flatMap(({ port = 0, protocol = "" }, index) => {
    const key = `${protocol}/${port}`;
    const shown = { Name: "", Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
    if (seen.has(key)) return [duplicate(`spec.ports[${index}]`, shown)];
    seen.add(key);
    return [];
  });
}

const onlyBalanced = "may only be used when `type` is 'LoadBalancer'";

function validateBalancer(spec: json.ServiceSpec, before: json.ServiceSpec | undefined): FieldErrors {
  const { loadBalancerSourceRanges: ranges = [], allocateLoadBalancerNodePorts: allocates, loadBalancerClass } = spec;
  const isBalancer = spec.type === "LoadBalancer";
  const field = "spec.LoadBalancerSourceRanges";
  const old = before?.loadBalancerSourceRanges?.map((range) => range.trim());
  return [
    ...(ranges.length > 0 && !isBalancer ? [forbidden(field, onlyBalanced)] : []),
    ...ranges.flatMap((range, index) => validateCidr(`${field}[${index}]`, range.trim(), old)),
    ...(allocates !== undefined && !isBalancer ? [forbidden("spec.allocateLoadBalancerNodePorts", onlyBalanced)] : []),
    ...(loadBalancerClass !== undefined && !isBalancer ? [forbidden("spec.loadBalancerClass", onlyBalanced)] : []),
    ...(loadBalancerClass !== undefined && isBalancer
      ? validateQualifiedName("spec.loadBalancerClass", loadBalancerClass)
      : []),
  ];
}

const trafficPolicies = ["Cluster", "Local"];

function validateExternalTraffic(spec: json.ServiceSpec): FieldErrors {
  const { externalTrafficPolicy: policy = "", healthCheckNodePort: check = 0 } = spec;
  const field = "spec.externalTrafficPolicy";
  const onlyLocal = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  const traffic: FieldErrors = isExternallyAccessible(spec)
    ? validateOneOf(field, policy, trafficPolicies)
    : policy === ""
      ? []
      : [invalid(field, policy, "may only be set for externally-accessible services")];
  if (!needsHealthCheck(spec)) {
    return check === 0 ? traffic : [...traffic, invalid("spec.healthCheckNodePort", check, onlyLocal)];
  }
  if (check === 0) return [...traffic, required("spec.healthCheckNodePort")];
  return [...traffic, ...invalidEach("spec.healthCheckNodePort", check, portNumberFaults(check))];
}

const distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"];

function validateInternalTraffic({
  type,
  internalTrafficPolicy: policy,
  trafficDistribution,
}: json.ServiceSpec): FieldErrors {
  const field = "spec.internalTrafficPolicy";
  const isNeeded = type === "NodePort" || type === "LoadBalancer" || type === "ClusterIP";
  const isUnknown = policy !== undefined && !trafficPolicies.includes(policy);
  return [
    ...(policy === undefined && isNeeded ? [required(field)] : []),
    ...(isUnknown ? [notSupported(field, policy, trafficPolicies)] : []),
    ...(trafficDistribution === undefined || distributions.includes(trafficDistribution)
      ? []
      : [notSupported("spec.trafficDistribution", trafficDistribution, distributions)]),
  ];
}

const ipModes = ["Proxy", "VIP"];

export function validateServiceStatus(object: KubeObject, old: KubeObject): FieldErrors {
  const { spec, status } = as<json.Service>(object);
  const field = "status.loadBalancer.ingress";
  const ingress = status?.loadBalancer?.ingress ?? [];
  const before = (as<json.Service>(old).status?.loadBalancer?.ingress ?? []).map(({ ip = "" }) => ip);
  if (spec?.type !== "LoadBalancer" && ingress.length > 0) {
    return [forbidden(field, "may only be used when `spec.type` is 'LoadBalancer'")];
  }
  return ingress.flatMap(({ ip = "", ipMode, hostname = "" }, index) => {
    const path = `${field}[${index}]`;
    return [
      ...(ip === "" ? [] : validateIp(`${path}.ip`, ip, before)),
      ...(ip !== "" && ipMode === undefined ? [required(`${path}.ipMode`, "must be specified when `ip` is set")] : []),
      ...(ip === "" && ipMode !== undefined
        ? [forbidden(`${path}.ipMode`, "may not be specified when `ip` is not set")]
        : []),
      ...(ip !== "" && ipMode !== undefined && !ipModes.includes(ipMode)
        ? [notSupported(`${path}.ipMode`, ipMode, ipModes)]
        : []),
      ...(hostname === "" ? [] : invalidEach(`${path}.hostname`, hostname, dnsSubdomainFaults(hostname))),
    ];
  });
}
