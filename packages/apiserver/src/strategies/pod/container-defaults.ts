import type { json } from "@hollowfleet/wire";
import { setResourceListDefaults } from "../quantities.ts";
import { defaultPullPolicy } from "./image-tag.ts";

// pkg/apis/core/v1/defaults.go and what zz_generated.defaults.go calls of it for one container

/** Of containers of all three sorts, in pods and in templates. */
export function setContainerDefaults(container: json.Container): void {
  container.imagePullPolicy ||= defaultPullPolicy(container.image ?? "");
  container.terminationMessagePath ||= "/dev/termination-log";
  container.terminationMessagePolicy ||= "File";
  for (const port of container.ports ?? []) port.protocol ||= "TCP";
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom?.fieldRef) valueFrom.fieldRef.apiVersion ||= "v1";
    if (valueFrom?.resourceFieldRef) valueFrom.resourceFieldRef.divisor ||= "0";
    if (valueFrom?.fileKeyRef) valueFrom.fileKeyRef.optional ??= false;
  }
  container.resources ??= {};
  setResourceListDefaults(container.resources.limits);
  setResourceListDefaults(container.resources.requests);
  setProbeDefaults(container.livenessProbe);
  setProbeDefaults(container.readinessProbe);
  setProbeDefaults(container.startupProbe);
  setHttpGetDefaults(container.lifecycle?.postStart?.httpGet);
  setHttpGetDefaults(container.lifecycle?.preStop?.httpGet);
}

function setProbeDefaults(probe: json.Probe | undefined): void {
  if (probe === undefined) return;
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  setHttpGetDefaults(probe.httpGet);
  if (probe.grpc) probe.grpc.service ??= "";
}

function setHttpGetDefaults(action: json.HTTPGetAction | undefined): void {
  if (action === undefined) return;
  action.path ||= "/";
  action.scheme ||= "HTTP";
}

/** Requests are as high as limits where they are not given; only in pods, not in templates. */
export function setRequestsFromLimits(container: json.Container): void {
  const { limits } = container.resources ?? {};
  if (container.resources === undefined || limits === undefined) return;
  const requests = { ...container.resources.requests };
  for (const [name, amount] of Object.entries(limits)) requests[name] ??= amount;
  if (Object.keys(requests).length > 0) container.resources.requests = requests;
}
