import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createSecureServer, type Http2ServerRequest } from "node:http2";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { TLSSocket } from "node:tls";
import { promisify } from "node:util";
import {
  type ConnectionConfig,
  createApiClient,
  createCredentialSource,
  createHttp2Transport,
  findConnection,
  impersonationHeaders,
  type Kubeconfig,
  KubeconfigError,
  type KubeconfigExec,
  loadKubeconfig,
  openProxyTunnel,
  resolveContext,
} from "@hollowfleet/client";
import { systemClock } from "@hollowfleet/core";
import { createAuthority } from "@hollowfleet/pki";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { assetsOrSkip } from "./support/assets.ts";

const kubectlPath = (await assetsOrSkip())?.kubectl;
if (kubectlPath === undefined && process.env["HOLLOW_REQUIRE_ASSETS"] === "1")
  throw new Error("the assets lack kubectl");

const authority = createAuthority({ commonName: "kubeconfig-ca" });
const admin = authority.issue({ commonName: "admin", usage: "client" });
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const exec = { apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "Never" };

interface Layout {
  readonly folder: string;
  kubectl(...args: string[]): Promise<string>;
  load(): Kubeconfig;
  find(): ConnectionConfig;
}

/** Files in a folder of their own; those whose name begins with `config` make up KUBECONFIG, in this order. */
function layout(files: Readonly<Record<string, string | object>>): Layout {
  const folder = mkdtempSync(join(tmpdir(), "hollow-kubectl-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  const paths = Object.keys(files)
    .filter((name) => /(?:^|\/)config[^/]*$/.test(name))
    .map((name) => join(folder, name));
  // Nobody listens there, and nobody may try: the test's servers are on loopback.
  const proxies = { HTTPS_PROXY: "http://127.0.0.1:1" };
  const env = { KUBECONFIG: paths.join(delimiter), HOME: folder, PATH: process.env["PATH"], ...proxies };
  return {
    folder,
    load: () => loadKubeconfig({ env, home: folder }),
    find: () => findConnection({ env, home: folder }),
    kubectl: async (...args) => {
      const run = await promisify(execFile)(kubectlPath ?? "", args, { env, timeout: 20_000 });
      return run.stdout;
    },
  };
}

/** Our reading in kubectl's words. */
function asKubectlPrints(kubeconfig: Kubeconfig): unknown {
  const list = <Entry>(entries: ReadonlyMap<string, Entry>, member: string, print: (entry: Entry) => object) =>
    entries.size === 0
      ? null
      : [...entries]
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([name, entry]) => ({ name, [member]: print(entry) }));
  const data = (text: string | undefined) => (text === undefined ? undefined : base64(text));
  const printed = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": kubeconfig.currentContext ?? "",
    clusters: list(kubeconfig.clusters, "cluster", (cluster) => ({
      server: cluster.server ?? "",
      "tls-server-name": cluster.tlsServerName,
      "insecure-skip-tls-verify": cluster.insecureSkipTlsVerify || undefined,
      "certificate-authority": cluster.certificateAuthority,
      "certificate-authority-data": data(cluster.certificateAuthorityData),
      "proxy-url": cluster.proxyUrl,
      "disable-compression": cluster.disableCompression || undefined,
      extensions:
        cluster.execConfig === undefined
          ? undefined
          : [{ name: "client.authentication.k8s.io/exec", extension: cluster.execConfig }],
    })),
    users: list(kubeconfig.users, "user", (user) => ({
      "client-certificate": user.clientCertificate,
      "client-certificate-data": data(user.clientCertificateData),
      "client-key": user.clientKey,
      "client-key-data": data(user.clientKeyData),
      token: user.token,
      tokenFile: user.tokenFile,
      username: user.username,
      password: user.password,
      as: user.as,
      "as-uid": user.asUid,
      "as-groups": user.asGroups.length === 0 ? undefined : user.asGroups,
      "as-user-extra": user.asUserExtra.size === 0 ? undefined : Object.fromEntries(user.asUserExtra),
      exec: user.exec === undefined ? undefined : printExec(user.exec),
    })),
    contexts: list(kubeconfig.contexts, "context", ({ cluster, user, namespace }) => ({
      cluster: cluster ?? "",
      user: user ?? "",
      namespace,
    })),
  };
  return JSON.parse(JSON.stringify(printed));
}

function printExec(plugin: KubeconfigExec): object {
  return {
    ...plugin,
    args: plugin.args.length === 0 ? null : plugin.args,
    env: plugin.env.length === 0 ? null : plugin.env,
  };
}

const full = {
  "current-context": "full",
  clusters: [
    {
      name: "full",
      cluster: {
        server: "https://full:6443/prefix",
        "tls-server-name": "api.full",
        "certificate-authority": "/pki/ca.pem",
        "proxy-url": "http://proxy:3128",
        "disable-compression": true,
        extensions: [{ name: "client.authentication.k8s.io/exec", extension: { audience: "x", list: [1, true] } }],
      },
    },
    { name: "data", cluster: { server: "https://data", "certificate-authority-data": base64(authority.certPem) } },
    { name: "open", cluster: { server: "https://open", "insecure-skip-tls-verify": true } },
  ],
  users: [
    {
      name: "files",
      user: { "client-certificate": "/pki/u.pem", "client-key": "/pki/u.key", tokenFile: "/run/token" },
    },
    {
      name: "data",
      user: { "client-certificate-data": base64(admin.certPem), "client-key-data": base64(admin.keyPem), token: "t" },
    },
    { name: "basic", user: { username: "me", password: "pass" } },
    { name: "as", user: { as: "jane", "as-uid": "7", "as-groups": ["a", "b"], "as-user-extra": { k: ["v", "w"] } } },
    {
      name: "exec",
      user: {
        exec: { ...exec, command: "login", args: ["-x"], env: [{ name: "A", value: "b" }], installHint: "install it" },
      },
    },
    { name: "beta", user: { exec: { command: "l", apiVersion: "client.authentication.k8s.io/v1beta1" } } },
  ],
  contexts: [
    { name: "full", context: { cluster: "full", user: "files", namespace: "team" } },
    { name: "data", context: { cluster: "data", user: "data" } },
  ],
};

describe.skipIf(kubectlPath === undefined)("what kubectl config view shows", () => {
  test.each<[string, Readonly<Record<string, string | object>>]>([
    ["every field", { config: full }],
    ["an empty file", { config: "" }],
    ["a file of comments", { config: "# nothing here\n" }],
    [
      "several files, the first of each name, the first current context, a file twice",
      {
        "config-0": { clusters: [{ name: "data", cluster: { server: "https://first" } }] },
        "config-1": { "current-context": "data", users: [{ name: "data", user: { as: "first" } }] },
        "config-2": full,
        "config-0 again": { contexts: [{ name: "full", context: { cluster: "late", user: "late" } }] },
      },
    ],
    [
      "YAML 1.1 with anchors, merges, repeated keys, dates, numbers for keys and a second document",
      {
        config: `
current-context: 12:30
clusters:
- name: &name 2001-01-01
  cluster: &base {server: one, server: two, insecure-skip-tls-verify: yes}
- name: merged
  cluster: {<<: *base, tls-server-name: *name, insecure-skip-tls-verify: off, unknown-field: 1}
- cluster: {server: nameless}
users:
- name: 'quoted: "name"'
  user:
    as: >-
      folded
      text
    as-user-extra: {1: [a]}
contexts:
- name: 0.1.2
---
[`,
      },
    ],
  ])("%s", async (_name, files) => {
    const { kubectl, load } = layout(files);
    expect(asKubectlPrints(load())).toEqual(JSON.parse(await kubectl("config", "view", "--raw", "-o", "json")));
  });

  test.each(["full", "data"])("--minify by context: %s", async (context) => {
    const { kubectl, load } = layout({ config: full });
    const shown = JSON.parse(await kubectl("config", "view", "--raw", "--minify", "--context", context, "-o", "json"));
    const whole = load();
    const { cluster = "", user = "" } = whole.contexts.get(context) ?? {};
    const only = <Entry>(entries: ReadonlyMap<string, Entry>, wanted: string) =>
      new Map([...entries].filter(([name]) => name === wanted));
    const minified = {
      ...whole,
      currentContext: context,
      clusters: only(whole.clusters, cluster),
      users: only(whole.users, user),
      contexts: only(whole.contexts, context),
    };
    expect(asKubectlPrints(minified)).toEqual(shown);
  });

  test("--flatten: relative paths start from the folder of the file that they stand in", async () => {
    const { kubectl, load } = layout({
      "one/config": {
        "current-context": "x",
        contexts: [{ name: "x", context: { cluster: "c", user: "u", namespace: "n" } }],
        clusters: [{ name: "c", cluster: { server: "https://c", "certificate-authority": "../pki/ca.pem" } }],
      },
      "two/deep/config": {
        clusters: [{ name: "c", cluster: { server: "https://late", "certificate-authority": "missing.pem" } }],
        users: [{ name: "u", user: { "client-certificate": "u.pem", "client-key": "./u.key" } }],
      },
      "pki/ca.pem": authority.certPem,
      "two/deep/u.pem": admin.certPem,
      "two/deep/u.key": admin.keyPem,
    });
    const shown = JSON.parse(await kubectl("config", "view", "--flatten", "--minify", "--raw", "-o", "json"));
    const { caPem = "", auth, server } = resolveContext(load());
    expect(auth).toMatchObject({ kind: "cert" });
    const { certPem, keyPem } = auth as { certPem: string; keyPem: string };
    expect(shown.clusters[0].cluster).toEqual({ server, "certificate-authority-data": base64(caPem) });
    expect(shown.users[0].user).toEqual({
      "client-certificate-data": base64(certPem),
      "client-key-data": base64(keyPem),
    });
  });

  test.each([
    ["a name twice", "users: [{name: u}, {name: u}]", "duplicate-name"],
    ["a number for a string", "users: [{name: u, user: {token: 5}}]", "bad-field"],
    ["a word that YAML 1.1 takes for a boolean", "current-context: on", "bad-field"],
    ["broken base64", "clusters: [{name: c, cluster: {certificate-authority-data: QUJ}}]", "bad-field"],
    ["broken YAML", "current-context: [", "syntax"],
    ["another kind", "{kind: Pod, apiVersion: v1}", "syntax"],
    ["a list", "- a", "bad-field"],
  ])("both refuse %s", async (_name, config, code) => {
    const { kubectl, load } = layout({ config });
    await expect(kubectl("config", "view")).rejects.toThrow("error");
    expect(load).toThrow(expect.objectContaining({ code }));
    expect(load).toThrow(KubeconfigError);
  });
});

/** What a server sees of one caller. */
interface Seen {
  readonly path: string;
  readonly headers: readonly string[];
  /** Common name. */
  readonly certificate: string;
  readonly serverName: string | undefined;
}

interface RecordingServer {
  readonly url: string;
  readonly seen: Seen[];
  stop(): void;
}

/** An API server that answers anything and notes who asked. */
async function startRecordingServer(): Promise<RecordingServer> {
  const serving = authority.issue({
    commonName: "api",
    ipAddresses: ["127.0.0.1"],
    dnsNames: ["api.named"],
    usage: "server",
  });
  const server = createSecureServer({
    cert: serving.certPem,
    key: serving.keyPem,
    ca: authority.certPem,
    allowHTTP1: true,
    requestCert: true,
    rejectUnauthorized: false,
  });
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => void sockets.add(socket));
  server.on("sessionError", () => undefined);
  server.on("request", (request: Http2ServerRequest, response) => {
    seen.push(describeCaller(request));
    response.end('{"major":"1","minor":"36"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function describeCaller(request: Http2ServerRequest): Seen {
  const socket = (request.stream?.session?.socket ?? request.socket) as TLSSocket;
  // HTTP/1.1 repeats a header where HTTP/2 does too; the raw list has them apart in both.
  const headers: string[] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? "").toLowerCase();
    if (!/^(?:authorization|impersonate-.*)$/.test(name)) continue;
    headers.push(`${name.replaceAll(/%[0-9a-f]{2}/g, (code) => code.toUpperCase())}: ${request.rawHeaders[index + 1]}`);
  }
  return {
    path: request.url,
    headers: headers.sort(),
    certificate: String(socket.getPeerCertificate().subject?.CN),
    serverName: typeof socket.servername === "string" ? socket.servername : undefined,
  };
}

/** A CONNECT proxy that notes its targets. */
async function startProxy(): Promise<{ readonly url: string; readonly targets: string[] }> {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  const proxy = createServer();
  proxy.on("connect", (request, client: Socket) => {
    targets.push(request.url ?? "");
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const upstream = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [upstream, client]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, targets };
}

/** One request by our own client, over everything that the connection names. */
async function ask(connection: ConnectionConfig, path: string): Promise<void> {
  const { server, caPem, serverName, insecureSkipVerify, proxyUrl, impersonate } = connection;
  const source = createCredentialSource(connection.auth);
  const acting = impersonate === undefined ? [] : impersonationHeaders(impersonate);
  const transport = createHttp2Transport({
    server,
    insecureSkipVerify,
    clock: systemClock,
    ...(await source.tls()),
    ...(caPem !== undefined && { caPem }),
    ...(serverName !== undefined && { serverName }),
    ...(proxyUrl !== undefined && { dialSocket: (host, port) => openProxyTunnel(proxyUrl, host, port) }),
  });
  try {
    const headers = [...(await source.headers()), ...acting];
    await createApiClient({ transport, headers }).text(path, { timeoutMs: 10_000 });
  } finally {
    transport.close();
  }
}

/** A plugin whose token is what it was told of the cluster. */
const echoPlugin = `#!${process.execPath}
const { apiVersion, spec } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
const sorted = JSON.stringify([apiVersion, spec.interactive, Object.entries(spec.cluster ?? {}).sort()]);
const token = Buffer.from(sorted + process.argv[2] + process.env.EXTRA).toString("base64url");
console.log(JSON.stringify({ kind: "ExecCredential", apiVersion, status: { token } }));
`;

describe.skipIf(kubectlPath === undefined)("what a server sees of kubectl and of us", () => {
  let server: RecordingServer;
  beforeAll(async () => {
    server = await startRecordingServer();
  });
  afterAll(() => server?.stop());

  const echo = { ...exec, command: "./bin/echo", args: ["arg"], env: [{ name: "EXTRA", value: "extra" }] };
  const certificate = { "client-certificate": "u.pem", "client-key": "u.key" };

  test.each<[string, object, object]>([
    ["a token", { token: "t" }, {}],
    ["a token file before a token", { tokenFile: "token", token: "t" }, {}],
    ["a password", { username: "me", password: "p:ä" }, {}],
    ["a certificate", certificate, {}],
    ["a certificate and a token", { ...certificate, token: "t" }, {}],
    ["a plugin", { exec: echo }, {}],
    ["a plugin with a token beside it", { exec: echo, token: "t" }, {}],
    ["a plugin with a certificate beside it", { exec: echo, ...certificate }, {}],
    [
      "a plugin that is told of the cluster",
      { exec: { ...echo, provideClusterInfo: true } },
      { extensions: [{ name: "client.authentication.k8s.io/exec", extension: { audience: "x" } }] },
    ],
    ["a v1beta1 plugin", { exec: { ...echo, apiVersion: "client.authentication.k8s.io/v1beta1" } }, {}],
    [
      "somebody else",
      { token: "t", as: "jane", "as-uid": "7", "as-groups": ["a", "b"], "as-user-extra": { "x.org/Y": ["1", "2"] } },
      {},
    ],
    ["a server by another name", { token: "t" }, { "tls-server-name": "api.named" }],
    [
      "a server that is not verified",
      { token: "t" },
      { "insecure-skip-tls-verify": true, "certificate-authority": "" },
    ],
  ])("%s", async (_name, user, cluster) => {
    const { kubectl, find, folder } = layout({
      config: {
        "current-context": "x",
        contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        clusters: [{ name: "c", cluster: { server: server.url, "certificate-authority": "ca.pem", ...cluster } }],
        users: [{ name: "u", user }],
      },
      "ca.pem": authority.certPem,
      "u.pem": admin.certPem,
      "u.key": admin.keyPem,
      token: "from-file\n",
      "bin/echo": echoPlugin,
    });
    chmodSync(join(folder, "bin/echo"), 0o755);
    await kubectl("get", "--raw", "/theirs");
    await ask(find(), "/ours");
    const theirs = server.seen.find((each) => each.path === "/theirs");
    const ours = server.seen.find((each) => each.path === "/ours");
    server.seen.length = 0;
    expect(theirs).toBeDefined();
    expect(ours).toEqual({ ...theirs, path: "/ours" });
    expect(JSON.stringify(ours).includes("admin")).toBe("client-certificate" in user);
  });

  test("a proxy of the file is used even for loopback", async () => {
    const proxy = await startProxy();
    const { kubectl, find } = layout({
      config: {
        "current-context": "x",
        contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        clusters: [
          { name: "c", cluster: { server: server.url, "certificate-authority": "ca.pem", "proxy-url": proxy.url } },
        ],
        users: [{ name: "u", user: { token: "t" } }],
      },
      "ca.pem": authority.certPem,
    });
    await kubectl("get", "--raw", "/theirs");
    await ask(find(), "/ours");
    const target = new URL(server.url).host;
    expect(proxy.targets).toEqual([target, target]);
    expect(server.seen.splice(0).map(({ path }) => path)).toEqual(["/theirs", "/ours"]);
  });
});
