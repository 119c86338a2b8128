import type { json } from "@hollowfleet/wire";
import { validateNonNegative } from "../validation/common.ts";
import {
  type FieldErrors,
  forbidden,
  invalid,
  invalidEach,
  notSupported,
  required,
} from "../validation/field-error.ts";
import { httpHeaderNameFaults, portNameFaults, portNumberFaults } from "../validation/names.ts";

// core/validation/validation.go, validateProbe, validateHandler and validateLifecycle

/** The three probes of a container that goes on running. */
export function validateProbes(field: string, container: json.Container): FieldErrors {
  const { livenessProbe, readinessProbe, startupProbe } = container;
  const seconds = readinessProbe?.terminationGracePeriodSeconds;
  return [
    ...validateProbe(`${field}.livenessProbe`, livenessProbe),
    ...validateOneSuccess(`${field}.livenessProbe`, livenessProbe),
    ...validateProbe(`${field}.readinessProbe`, readinessProbe),
    ...(seconds === undefined
      ? []
      : [
          invalid(
            `${field}.readinessProbe.terminationGracePeriodSeconds`,
            seconds,
            "must not be set for readinessProbes",
          ),
        ]),
    ...validateProbe(`${field}.startupProbe`, startupProbe),
    ...validateOneSuccess(`${field}.startupProbe`, startupProbe),
  ];
}

function validateOneSuccess(field: string, probe: json.Probe | undefined): FieldErrors {
  if (probe === undefined || probe.successThreshold === 1) return [];
  return [invalid(`${field}.successThreshold`, probe.successThreshold, "must be 1")];
}

function validateProbe(field: string, probe: json.Probe | undefined): FieldErrors {
  if (probe === undefined) return [];
  const { exec, httpGet, tcpSocket, grpc, terminationGracePeriodSeconds: graceSeconds } = probe;
  const isGraceWrong = graceSeconds !== undefined && graceSeconds <= 0;
  return [
    ...validateHandler(field, { exec, httpGet, tcpSocket, grpc }, undefined),
    ...validateNonNegative(`${field}.initialDelaySeconds`, probe.initialDelaySeconds),
    ...validateNonNegative(`${field}.timeoutSeconds`, probe.timeoutSeconds),
    ...validateNonNegative(`${field}.periodSeconds`, probe.periodSeconds),
    ...validateNonNegative(`${field}.successThreshold`, probe.successThreshold),
    ...validateNonNegative(`${field}.failureThreshold`, probe.failureThreshold),
    ...(isGraceWrong
      ? [invalid(`${field}.terminationGracePeriodSeconds`, graceSeconds, "must be greater than 0")]
      : []),
  ];
}

interface Handler {
  readonly exec?: json.ExecAction | undefined;
  readonly httpGet?: json.HTTPGetAction | undefined;
  readonly tcpSocket?: json.TCPSocketAction | undefined;
  readonly grpc?: json.GRPCAction | undefined;
  readonly sleep?: json.SleepAction | undefined;
}

/** @param graceSeconds the pod's, for sleep */
function validateHandler(field: string, handler: Handler, graceSeconds: number | undefined): FieldErrors {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  const actions: readonly (readonly [name: string, validate: (() => FieldErrors) | undefined])[] = [
    ["exec", exec && (() => ((exec.command ?? []).length === 0 ? [required(`${field}.exec.command`)] : []))],
    ["httpGet", httpGet && (() => validateHttpGet(`${field}.httpGet`, httpGet))],
    ["tcpSocket", tcpSocket && (() => validatePort(`${field}.tcpSocket.port`, tcpSocket.port))],
    ["grpc", grpc && (() => validatePort(`${field}.grpc.port`, grpc.port))],
    ["sleep", sleep && (() => validateSleep(`${field}.sleep`, sleep.seconds ?? 0, graceSeconds))],
  ];
  const given = actions.filter(([, validate]) => validate !== undefined);
  if (given.length === 0) return [required(field, "must specify a handler type")];
  return given.flatMap(([name, validate], index) =>
    index === 0 ? (validate?.() ?? []) : [forbidden(`${field}.${name}`, "may not specify more than 1 handler type")],
  );
}

function validateHttpGet(
  field: string,
  { path = "", port, scheme = "", httpHeaders = [] }: json.HTTPGetAction,
): FieldErrors {
  return [
    ...(path === "" ? [required(`${field}.path`)] : []),
    ...validatePort(`${field}.port`, port),
    ...(scheme === "HTTP" || scheme === "HTTPS" ? [] : [notSupported(`${field}.scheme`, scheme, ["HTTP", "HTTPS"])]),
    ...httpHeaders.flatMap(({ name = "" }) => invalidEach(`${field}.httpHeaders`, name, httpHeaderNameFaults(name))),
  ];
}

/** A number or the name of a container's port. */
export function validatePort(field: string, port: number | string = 0): FieldErrors {
  return invalidEach(field, port, typeof port === "number" ? portNumberFaults(port) : portNameFaults(port));
}

function validateSleep(field: string, seconds: number, graceSeconds: number | undefined): FieldErrors {
  if (graceSeconds === undefined || (seconds >= 0 && seconds <= graceSeconds)) return [];
  return [
    invalid(field, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`),
  ];
}

export function validateLifecycle(field: string, lifecycle: json.Lifecycle, spec: json.PodSpec): FieldErrors {
  const { postStart, preStop, stopSignal } = lifecycle;
  const graceSeconds = spec.terminationGracePeriodSeconds;
  const needsOs = stopSignal !== undefined && spec.os === undefined;
  return [
    ...(postStart ? validateHandler(`${field}.postStart`, postStart, graceSeconds) : []),
    ...(preStop ? validateHandler(`${field}.preStop`, preStop, graceSeconds) : []),
    ...(needsOs ? [forbidden(`${field}.stopSignal`, "may not be set for containers with empty `spec.os.name`")] : []),
  ];
}
