import { isIPv6 } from "node:net";
import type { json } from "@hollowfleet/wire";
import type { StatusCause } from "../../api-error.ts";
import { ApiError } from "../../api-error.ts";
import type { KubeObject } from "../../object.ts";
import { invalid as invalidObject } from "../../status-errors.ts";
import { invalid } from "../validation/field-error.ts";
import { as } from "../views.ts";
import type { ServiceAllocator } from "./service-allocator.ts";
import { headless, needsClusterIp, needsHealthCheck, needsNodePort } from "./service-spec.ts";
import { validateClusterIps } from "./validate-cluster-ips.ts";

// pkg/registry/core/service/storage/{storage,alloc}.go, for a cluster with IPv4 alone

/** Gives a new Service its family, addresses and ports. @throws ApiError Invalid, InternalError */
export function allocateForCreate(object: KubeObject, allocator: ServiceAllocator | undefined): void {
  const spec = specOf(object);
  if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
  allocate(object, spec, undefined, allocator);
}

/** The same for a changed one; what it has and does not speak of, it keeps. */
export function allocateForUpdate(object: KubeObject, old: KubeObject, allocator: ServiceAllocator | undefined): void {
  const spec = specOf(object);
  const before = specOf(old);
  keepAllocated(spec, before);
  alignClusterIps(spec, before);
  allocate(object, spec, before, allocator);
}

function specOf(object: KubeObject): json.ServiceSpec {
  return as<json.Service>(object).spec ?? {};
}

function allocate(
  object: KubeObject,
  spec: json.ServiceSpec,
  before: json.ServiceSpec | undefined,
  allocator: ServiceAllocator | undefined,
): void {
  const refuse = (causes: readonly StatusCause[]) => {
    if (causes.length > 0) throw invalidObject({ group: "", kind: "Service" }, object.metadata.name ?? "", causes);
  };
  if (needsClusterIp(spec)) {
    spec.ipFamilyPolicy ??= before?.ipFamilyPolicy ?? defaultPolicy(spec);
    refuse(validateClusterIps(spec, before));
    refuse(chooseFamilies(spec));
    if (allocator !== undefined) refuse(chooseClusterIps(spec, before, allocator));
  }
  if (allocator !== undefined) refuse(chooseNodePorts(spec, before, allocator));
}

function defaultPolicy({ clusterIP, selector = {} }: json.ServiceSpec): string {
  const isFree = clusterIP === headless && Object.keys(selector).length === 0;
  return isFree ? "RequireDualStack" : "SingleStack";
}

function chooseFamilies(spec: json.ServiceSpec): readonly StatusCause[] {
  const field = "spec.ipFamilyPolicy";
  const { clusterIPs = [], ipFamilyPolicy: policy } = spec;
  const families: string[] = [...(spec.ipFamilies ?? [])];
  const several = (what: string) =>
    invalid(field, policy, `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`);
  const faults: StatusCause[] = [];
  if (policy === "SingleStack" && clusterIPs.length === 2) faults.push(several("cluster IPs"));
  if (policy === "SingleStack" && families.length === 2) faults.push(several("IP families"));
  for (const [index, address] of clusterIPs.entries()) {
    if (address === headless) break;
    if (index < families.length) continue;
    if (isIPv6(address)) {
      faults.push(invalid(`spec.clusterIPs[${index}]`, clusterIPs, "IPv6 is not configured on this cluster"));
    } else families.push("IPv4");
  }
  if (faults.length > 0) return faults;
  if (spec.clusterIP === headless && Object.keys(spec.selector ?? {}).length === 0) {
    if (families.length === 0) families.push("IPv4");
    if (families.length < 2 && policy !== "SingleStack") families.push(families[0] === "IPv4" ? "IPv6" : "IPv4");
    spec.ipFamilies = families;
    return [];
  }
  if (policy === "RequireDualStack") {
    faults.push(invalid(field, policy, "this cluster is not configured for dual-stack services"));
  }
  for (const [index, family] of families.entries()) {
    if (family !== "IPv4") faults.push(invalid(`spec.ipFamilies[${index}]`, family, "not configured on this cluster"));
  }
  if (faults.length === 0) spec.ipFamilies = families.length === 0 ? ["IPv4"] : families;
  return faults;
}

function chooseClusterIps(
  spec: json.ServiceSpec,
  before: json.ServiceSpec | undefined,
  allocator: ServiceAllocator,
): readonly StatusCause[] {
  const [asked] = spec.clusterIPs ?? [];
  if (asked === headless || (asked !== undefined && before?.clusterIPs?.includes(asked))) return [];
  if (asked !== undefined) {
    // An address that may not change is refused by validation, with a better text.
    if (before !== undefined && needsClusterIp(before)) return [];
    const fault = allocator.clusterIpFault(asked);
    if (fault === undefined) return [];
    return [invalid("spec.clusterIPs", spec.clusterIPs, `failed to allocate IP ${asked}: ${fault}`)];
  }
  if (before !== undefined && needsClusterIp(before)) return [];
  const address = allocator.nextClusterIp();
  if (address === undefined) throw exhausted("a serviceIP", "range is full");
  spec.clusterIP = address;
  spec.clusterIPs = [address];
  return [];
}

function exhausted(what: string, why: string): ApiError {
  return new ApiError("InternalError", `Internal error occurred: failed to allocate ${what}: ${why}`);
}

function chooseNodePorts(
  spec: json.ServiceSpec,
  before: json.ServiceSpec | undefined,
  allocator: ServiceAllocator,
): readonly StatusCause[] {
  if (spec.type !== "NodePort" && spec.type !== "LoadBalancer") return [];
  const own = new Set((before?.ports ?? []).map(({ nodePort }) => nodePort));
  const taken = new Set((spec.ports ?? []).flatMap(({ nodePort }) => (nodePort ? [nodePort] : [])));
  const byPort = new Map((spec.ports ?? []).flatMap(({ port, nodePort }) => (nodePort ? [[port, nodePort]] : [])));
  const next = (what: string) => {
    const port = allocator.nextNodePort(taken);
    if (port === undefined) throw exhausted(what, "range is full");
    taken.add(port);
    return port;
  };
  const faults: StatusCause[] = [];
  for (const [index, port] of (spec.ports ?? []).entries()) {
    if (port.nodePort) {
      const fault = own.has(port.nodePort) ? undefined : allocator.nodePortFault(port.nodePort);
      if (fault !== undefined) faults.push(invalid(`spec.ports[${index}].nodePort`, port.nodePort, fault));
    } else if (needsNodePort(spec)) {
      // The same port under two protocols gets one node port.
      port.nodePort = byPort.get(port.port) ?? next("a nodePort");
      byPort.set(port.port, port.nodePort);
    }
  }
  if (faults.length === 0 && needsHealthCheck(spec)) spec.healthCheckNodePort ||= next("a HealthCheck NodePort");
  return faults;
}

/** patchAllocatedValues: a client may send what it once wrote, without what was allotted to it. */
function keepAllocated(spec: json.ServiceSpec, before: json.ServiceSpec): void {
  if (needsClusterIp(before) && needsClusterIp(spec)) {
    if (!spec.clusterIP && before.clusterIP) spec.clusterIP = before.clusterIP;
    if (!spec.clusterIPs?.length && before.clusterIPs?.length) spec.clusterIPs = before.clusterIPs;
  }
  if (needsNodePort(before) && needsNodePort(spec)) {
    const used = new Set((spec.ports ?? []).map(({ nodePort }) => nodePort));
    const byName = new Map((before.ports ?? []).map(({ name, nodePort }) => [name, nodePort]));
    for (const port of spec.ports ?? []) {
      const known = byName.get(port.name);
      if (!port.nodePort && known && !used.has(known)) port.nodePort = known;
    }
  }
  if (needsHealthCheck(before) && needsHealthCheck(spec) && before.healthCheckNodePort) {
    spec.healthCheckNodePort ||= before.healthCheckNodePort;
  }
}

/** normalizeClusterIPs: the one address and the list of them follow each other. */
function alignClusterIps(spec: json.ServiceSpec, before: json.ServiceSpec): void {
  const isListSame = (spec.clusterIPs ?? []).join() === (before.clusterIPs ?? []).join();
  if (spec.clusterIP === before.clusterIP || !isListSame) return;
  if (spec.clusterIP) spec.clusterIPs = [spec.clusterIP];
}
