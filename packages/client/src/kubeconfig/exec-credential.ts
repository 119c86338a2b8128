import type { ClientCertificate, ExecPlugin } from "./connection-config.ts";
import { FieldReader } from "./field-reader.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { parseYaml } from "./parse-kubeconfig.ts";
import { checkPair } from "./pem-material.ts";

/** What an exec plugin handed out. */
export interface ExecCredential {
  readonly token?: string;
  readonly certificate?: ClientCertificate;
  /** Milliseconds since the epoch; absent: until the server refuses it. */
  readonly expiresMs?: number;
}

/** The value of KUBERNETES_EXEC_INFO (client.authentication.k8s.io, ExecCredential.spec). */
export function execInfo(plugin: ExecPlugin, interactive: boolean): string {
  const cluster = plugin.cluster === undefined ? {} : { cluster: plugin.cluster };
  return JSON.stringify({ kind: "ExecCredential", apiVersion: plugin.apiVersion, spec: { interactive, ...cluster } });
}

/**
 * Reads what a plugin printed, by the rules of k8s.io/client-go/plugin/pkg/client/auth/exec: the same API version as asked
 * for, a status, and in it a token, a certificate with its key, or both. Errors never quote the output.
 */
export function parseExecCredential(output: string, plugin: ExecPlugin): ExecCredential {
  try {
    return readCredential(new FieldReader("its output", "", parseYaml(output, "its output")), plugin);
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    throw unusable(plugin, error);
  }
}

function unusable({ file, field, command }: ExecPlugin, { message, cause }: KubeconfigError): KubeconfigError {
  const place = { file, field: `${field}.command`, value: command };
  return new KubeconfigError("exec-output", place, `the plugin printed no usable credential: ${message}`, {
    remedy: "Run the command by hand and compare its output with the plugin's manual; update the plugin.",
    cause,
  });
}

function readCredential(root: FieldReader, plugin: ExecPlugin): ExecCredential {
  const fault = (field: string, problem: string, value?: string): KubeconfigError =>
    new KubeconfigError("exec-output", { file: root.file, field, value }, problem, { remedy: "" });
  const kind = root.string("kind");
  if (kind !== "ExecCredential") throw fault("kind", "is not ExecCredential", kind);
  const apiVersion = root.string("apiVersion");
  if (apiVersion !== plugin.apiVersion) throw fault("apiVersion", `is not ${plugin.apiVersion}`, apiVersion);
  if (!root.has("status")) throw fault("status", "is missing");
  const status = root.child("status");
  const token = status.string("token");
  const certificate = readPair(status, fault);
  if (token === undefined && certificate === undefined) throw fault("status", "has neither a token nor a certificate");
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw fault("status.token", "has characters that no token has");
  }
  const expires = status.string("expirationTimestamp");
  const expiresMs = expires === undefined ? undefined : Date.parse(expires);
  if (expiresMs !== undefined && !Number.isFinite(expiresMs)) {
    throw fault("status.expirationTimestamp", "is not a time", expires);
  }
  return {
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(expiresMs === undefined ? {} : { expiresMs }),
  };
}

function readPair(
  status: FieldReader,
  fault: (field: string, problem: string) => KubeconfigError,
): ClientCertificate | undefined {
  const certPem = status.string("clientCertificateData");
  const keyPem = status.string("clientKeyData");
  if (certPem === undefined && keyPem === undefined) return undefined;
  if (certPem === undefined) throw fault("status.clientCertificateData", "is missing beside clientKeyData");
  if (keyPem === undefined) throw fault("status.clientKeyData", "is missing beside clientCertificateData");
  const at = (field: string) => ({ file: status.file, field: `status.${field}` });
  return checkPair({ pem: certPem, place: at("clientCertificateData") }, { pem: keyPem, place: at("clientKeyData") });
}
