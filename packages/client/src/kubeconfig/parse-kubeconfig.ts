import { dirname, isAbsolute, join } from "node:path";
import { LineCounter, parseAllDocuments } from "yaml";
import { FieldReader } from "./field-reader.ts";
import type { Kubeconfig, KubeconfigCluster, KubeconfigContext, KubeconfigExec, KubeconfigUser } from "./kubeconfig.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";

/** Name of the cluster extension that exec plugins get as `spec.cluster.config`. */
const execExtension = "client.authentication.k8s.io/exec";

/**
 * Reads the text of one kubeconfig file; relative paths in it become absolute.
 *
 * @param path of the file, absolute: names it in errors, and its folder is what relative paths start from
 * @throws KubeconfigError for what kubectl would refuse to load: bad YAML, wrong types, a name twice in one list
 */
export function parseKubeconfig(text: string, path: string): Kubeconfig {
  const root = new FieldReader(path, "", parseYaml(text, path));
  checkKind(root);
  return {
    files: [path],
    missingFiles: [],
    currentContext: root.string("current-context"),
    clusters: namedList(root, "clusters", "cluster", readCluster),
    users: namedList(root, "users", "user", readUser),
    contexts: namedList(root, "contexts", "context", readContext),
  };
}

/**
 * YAML as sigs.k8s.io/yaml has it: version 1.1 (`yes` is true) without its dates and its `12:30` numbers, the first
 * document of several, and the last of two equal keys.
 */
export function parseYaml(text: string, path: string): unknown {
  const lineCounter = new LineCounter();
  const [document] = parseAllDocuments(text, {
    version: "1.1",
    uniqueKeys: false,
    lineCounter,
    prettyErrors: false,
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !isTimeTag(tag)),
  });
  const fault = document?.errors[0];
  if (fault !== undefined) {
    const { line, col } = lineCounter.linePos(fault.pos[0]);
    // The parser's own message quotes the text, which may be a secret.
    const problem = `is not YAML: line ${line}, column ${col}: ${fault.code.toLowerCase().replaceAll("_", " ")}`;
    throw new KubeconfigError("syntax", { file: path }, problem, {
      remedy: 'Mend that line; "kubectl config view" should print the file afterwards.',
    });
  }
  return document?.toJS() ?? undefined;
}

function isTimeTag({ tag, format }: { readonly tag: string; readonly format?: string }): boolean {
  return tag.endsWith(":timestamp") || format === "TIME";
}

function checkKind(root: FieldReader): void {
  const apiVersion = root.string("apiVersion") ?? "v1";
  const kind = root.string("kind") ?? "Config";
  if (apiVersion === "v1" && kind === "Config") return;
  const wrong = kind === "Config" ? { field: "apiVersion", value: apiVersion } : { field: "kind", value: kind };
  throw new KubeconfigError("syntax", { file: root.file, ...wrong }, "this is not a kubeconfig", {
    remedy: "Name a file with apiVersion v1 and kind Config.",
  });
}

function namedList<Entry>(
  root: FieldReader,
  list: string,
  member: string,
  read: (fields: FieldReader) => Entry,
): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const item of root.children(list)) {
    const name = item.string("name") ?? "";
    if (entries.has(name)) {
      throw new KubeconfigError(
        "duplicate-name",
        { file: root.file, field: `${list}[].name`, value: name },
        "is there twice",
        {
          remedy: `Remove or rename one of the two entries in ${list}.`,
        },
      );
    }
    entries.set(name, read(item.renamed(`${list}[${name}]`).child(member)));
  }
  return entries;
}

function readCluster(fields: FieldReader): KubeconfigCluster {
  const extension = fields.children("extensions").find((entry) => entry.string("name") === execExtension);
  return {
    file: fields.file,
    server: fields.string("server"),
    tlsServerName: fields.string("tls-server-name"),
    insecureSkipTlsVerify: fields.boolean("insecure-skip-tls-verify"),
    certificateAuthority: pathField(fields, "certificate-authority"),
    certificateAuthorityData: fields.decoded("certificate-authority-data"),
    proxyUrl: fields.string("proxy-url"),
    disableCompression: fields.boolean("disable-compression"),
    execConfig: extension?.raw("extension"),
  };
}

function readUser(fields: FieldReader): KubeconfigUser {
  const extra = fields.child("as-user-extra");
  return {
    file: fields.file,
    clientCertificate: pathField(fields, "client-certificate"),
    clientCertificateData: fields.decoded("client-certificate-data"),
    clientKey: pathField(fields, "client-key"),
    clientKeyData: fields.decoded("client-key-data"),
    token: fields.string("token"),
    tokenFile: pathField(fields, "tokenFile"),
    username: fields.string("username"),
    password: fields.string("password"),
    as: fields.string("as"),
    asUid: fields.string("as-uid"),
    asGroups: fields.strings("as-groups"),
    asUserExtra: new Map(extra.names().map((name) => [name, extra.strings(name)])),
    authProvider: fields.has("auth-provider") ? (fields.child("auth-provider").string("name") ?? "") : undefined,
    exec: fields.has("exec") ? readExec(fields.child("exec")) : undefined,
  };
}

function readExec(fields: FieldReader): KubeconfigExec {
  const command = fields.string("command");
  const apiVersion = fields.string("apiVersion");
  return {
    command: command?.includes("/") ? fromFolderOf(fields.file, command) : command,
    args: fields.strings("args"),
    env: fields
      .children("env")
      .map((entry) => ({ name: entry.string("name") ?? "", value: entry.string("value") ?? "" })),
    apiVersion,
    installHint: fields.string("installHint"),
    provideClusterInfo: fields.boolean("provideClusterInfo"),
    // k8s.io/client-go/tools/clientcmd/api/v1/defaults.go: only v1 demands that it is written down.
    interactiveMode:
      fields.string("interactiveMode") ?? (apiVersion?.startsWith(`${execGroup}/v1beta1`) ? "IfAvailable" : undefined),
  };
}

/** API group of the exec plugins' protocol. */
export const execGroup = "client.authentication.k8s.io";

function readContext(fields: FieldReader): KubeconfigContext {
  return {
    file: fields.file,
    cluster: fields.string("cluster"),
    user: fields.string("user"),
    namespace: fields.string("namespace"),
  };
}

function pathField(fields: FieldReader, name: string): string | undefined {
  const path = fields.string(name);
  return path === undefined ? undefined : fromFolderOf(fields.file, path);
}

function fromFolderOf(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}
