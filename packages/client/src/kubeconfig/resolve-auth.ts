import type { AuthConfig, ClientCertificate, ExecCluster, ExecPlugin, Impersonation } from "./connection-config.ts";
import type { ExecInteractiveMode, KubeconfigExec, KubeconfigUser } from "./kubeconfig.ts";
import { KubeconfigError, printable } from "./kubeconfig-error.ts";
import { execGroup } from "./parse-kubeconfig.ts";
import { checkPair, readPem } from "./pem-material.ts";

const execApiVersions: readonly string[] = [`${execGroup}/v1`, `${execGroup}/v1beta1`];

/** One user entry and its path in the file, as `users[admin].user`. */
export interface NamedUser {
  readonly user: KubeconfigUser;
  readonly field: string;
}

/**
 * Decides how a user authenticates, as client-go does: token file before token, either before a password, a certificate
 * beside each of them, and an exec plugin only if there is nothing else.
 *
 * @param cluster what exec plugins that ask for it are told
 */
export function resolveAuth(named: NamedUser, cluster: ExecCluster): AuthConfig {
  const { user } = named;
  refuseConflicts(named);
  const certificate = readCertificate(named);
  const beside = certificate === undefined ? {} : { certificate };
  if (user.tokenFile !== undefined) {
    const token = user.token === undefined ? {} : { token: user.token };
    return { kind: "token-file", path: user.tokenFile, ...token, ...beside };
  }
  if (user.token !== undefined) return { kind: "token", token: checkToken(user.token, named), ...beside };
  if (usesPassword(user)) {
    return { kind: "basic", username: user.username ?? "", password: user.password ?? "", ...beside };
  }
  if (certificate !== undefined) return { kind: "cert", ...certificate };
  if (user.exec !== undefined) return { kind: "exec", plugin: checkExec(user.exec, named, cluster) };
  return { kind: "none" };
}

/** Whom the user acts as. */
export function resolveImpersonation({ user, field }: NamedUser): Impersonation | undefined {
  const { as, asUid, asGroups, asUserExtra } = user;
  if (as !== undefined) {
    return { user: as, ...(asUid === undefined ? {} : { uid: asUid }), groups: asGroups, extra: asUserExtra };
  }
  if (asUid === undefined && asGroups.length === 0 && asUserExtra.size === 0) return undefined;
  const without = asUid !== undefined ? "as-uid" : asGroups.length > 0 ? "as-groups" : "as-user-extra";
  throw new KubeconfigError("conflict", { file: user.file, field: `${field}.${without}` }, "is set without a user", {
    remedy: "Set the user to act as in the field as.",
  });
}

function usesPassword({ username, password }: KubeconfigUser): boolean {
  return username !== undefined || password !== undefined;
}

function refuseConflicts({ user, field }: NamedUser): void {
  if (user.authProvider !== undefined) {
    const place = { file: user.file, field: `${field}.auth-provider.name`, value: user.authProvider };
    throw new KubeconfigError("unsupported", place, "auth providers are not supported", {
      remedy: "Use an exec plugin of the same vendor (e.g. gke-gcloud-auth-plugin, kubelogin), or a token.",
    });
  }
  if (usesPassword(user) && (user.token !== undefined || user.tokenFile !== undefined)) {
    throw new KubeconfigError("conflict", { file: user.file, field }, "has both a token and a password", {
      remedy: "Remove token and tokenFile, or username and password.",
    });
  }
}

function checkToken(token: string, { user, field }: NamedUser): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new KubeconfigError(
    "bad-field",
    { file: user.file, field: `${field}.token` },
    "has characters that no token has",
    { remedy: "Write the token on one line without spaces." },
  );
}

function readCertificate({ user, field }: NamedUser): ClientCertificate | undefined {
  const certificate = readPem(user.clientCertificateData, user.clientCertificate, {
    file: user.file,
    field: `${field}.client-certificate`,
  });
  if (certificate === undefined) return undefined;
  const key = readPem(user.clientKeyData, user.clientKey, { file: user.file, field: `${field}.client-key` });
  if (key !== undefined) return checkPair(certificate, key);
  throw new KubeconfigError("conflict", certificate.place, "stands without its key", {
    remedy: "Set client-key or client-key-data beside it.",
  });
}

function checkExec(exec: KubeconfigExec, named: NamedUser, cluster: ExecCluster): ExecPlugin {
  const at = { file: named.user.file, field: `${named.field}.exec` };
  const fault = (name: string, value: string | undefined, problem: string, remedy: string): KubeconfigError =>
    new KubeconfigError("bad-field", { file: at.file, field: `${at.field}.${name}`, value }, problem, { remedy });
  const { command, apiVersion, interactiveMode } = exec;
  if (command === undefined) throw fault("command", undefined, "is missing", "Name the command of the plugin.");
  if (apiVersion === undefined || !execApiVersions.includes(apiVersion)) {
    const problem = apiVersion === undefined ? "is missing" : "is not a version that is spoken here";
    throw fault(
      "apiVersion",
      apiVersion,
      problem,
      `Use ${execApiVersions.join(" or ")}; update the plugin if need be.`,
    );
  }
  if (!isInteractiveMode(interactiveMode)) {
    const problem = interactiveMode === undefined ? "is missing" : "is not an interactive mode";
    throw fault("interactiveMode", interactiveMode, problem, "Use Never, IfAvailable or Always.");
  }
  const nameless = exec.env.findIndex((variable) => variable.name === "");
  if (nameless !== -1) throw fault(`env[${nameless}].name`, undefined, "is missing", "Name the variable.");
  return {
    command,
    args: exec.args,
    env: exec.env,
    apiVersion,
    interactiveMode,
    ...(exec.installHint === undefined ? {} : { installHint: printable(exec.installHint) }),
    ...(exec.provideClusterInfo ? { cluster } : {}),
    ...at,
  };
}

function isInteractiveMode(mode: string | undefined): mode is ExecInteractiveMode {
  return mode === "Never" || mode === "IfAvailable" || mode === "Always";
}
