import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { admin, authority, base64, faultOf, folderWith, oneContext, other } from "./kubeconfig.testing.ts";
import { mergeKubeconfigs } from "./kubeconfig.ts";
import { parseKubeconfig } from "./parse-kubeconfig.ts";
import { resolveContext } from "./resolve-context.ts";

const path = "/etc/hollow/config";
const pair = { "client-certificate-data": base64(admin.certPem), "client-key-data": base64(admin.keyPem) };

describe("the chosen context", () => {
  const kubeconfig = parseKubeconfig(
    `
current-context: one
contexts:
- {name: one, context: {cluster: c1, user: u1, namespace: team}}
- {name: two, context: {cluster: c2, user: u2}}
clusters:
- {name: c1, cluster: {server: "https://one:6443", tls-server-name: one.internal}}
- {name: c2, cluster: {server: "https://two:6443/prefix", proxy-url: "http://proxy:3128", insecure-skip-tls-verify: true}}
users:
- {name: u1, user: {token: token-one}}
- {name: u2, user: {username: me, password: pass}}
`,
    path,
  );

  test("is the current one", () => {
    expect(resolveContext(kubeconfig)).toEqual({
      context: "one",
      server: "https://one:6443",
      insecureSkipVerify: false,
      serverName: "one.internal",
      namespace: "team",
      auth: { kind: "token", token: "token-one" },
    });
  });

  test("or the named one", () => {
    expect(resolveContext(kubeconfig, { context: "two" })).toEqual({
      context: "two",
      server: "https://two:6443/prefix",
      insecureSkipVerify: true,
      proxyUrl: "http://proxy:3128",
      namespace: "default",
      auth: { kind: "basic", username: "me", password: "pass" },
    });
  });

  test("with another cluster, user or server; a server comes without the file's tls-server-name", () => {
    const changed = resolveContext(kubeconfig, { cluster: "c2", user: "u2", namespace: "x" });
    expect(changed).toMatchObject({ server: "https://two:6443/prefix", auth: { kind: "basic" }, namespace: "x" });
    const moved = resolveContext(kubeconfig, { server: "https://127.0.0.1:1" });
    expect(moved).toMatchObject({ server: "https://127.0.0.1:1", auth: { kind: "token" } });
    expect(moved).not.toHaveProperty("serverName");
  });

  test("a proxy of the environment is used where the file names none", () => {
    const env = { https_proxy: "proxy.env:8080" };
    expect(resolveContext(kubeconfig, { env }).proxyUrl).toBe("http://proxy.env:8080");
    expect(resolveContext(kubeconfig, { context: "two", env }).proxyUrl).toBe("http://proxy:3128");
  });

  test("a server alone needs no context", () => {
    expect(resolveContext(mergeKubeconfigs([]), { server: "http://127.0.0.1:8080" })).toEqual({
      server: "http://127.0.0.1:8080",
      insecureSkipVerify: false,
      namespace: "default",
      auth: { kind: "none" },
    });
  });

  test.each([
    [{ context: "three" }, `${path}: contexts "three": is not the name of any entry`, "There are: one, two."],
    [{ cluster: "c3" }, `${path}: clusters "c3": is not the name of any entry`, "There are: c1, c2."],
    [{ user: "u3" }, `${path}: users "u3": is not the name of any entry`, "There are: u1, u2."],
  ])("an unknown name is answered with those that exist: %j", (overrides, message, remedy) => {
    expect(faultOf(() => resolveContext(kubeconfig, overrides))).toMatchObject({ code: "not-found", message, remedy });
  });

  test("no choice is an error that names the choices", () => {
    expect(faultOf(() => resolveContext({ ...kubeconfig, currentContext: undefined }))).toMatchObject({
      code: "no-kubeconfig",
      message: `${path}: current-context: is not set`,
      remedy: "Name one with --context: one, two.",
    });
    expect(faultOf(() => resolveContext({ ...mergeKubeconfigs([]), missingFiles: ["/a", "/b"] })).message).toBe(
      "/a, /b: no context is configured",
    );
  });
});

describe("a cluster", () => {
  test("data wins over the file", () => {
    const both = { "certificate-authority-data": base64(authority.certPem), "certificate-authority": "/nonexistent" };
    expect(resolveContext(oneContext(both, {})).caPem).toBe(authority.certPem);
  });

  test("roots from a file beside the kubeconfig", () => {
    const folder = folderWith({ "pki/ca.pem": authority.certPem });
    const kubeconfig = oneContext({ "certificate-authority": "pki/ca.pem" }, {}, join(folder, "config"));
    expect(resolveContext(kubeconfig).caPem).toBe(authority.certPem);
  });

  test.each([
    [
      { "certificate-authority": "gone.pem" },
      "file-unreadable",
      '.certificate-authority "/etc/hollow/gone.pem": cannot',
    ],
    [{ "certificate-authority-data": base64("no") }, "bad-field", ".certificate-authority-data: holds no certificate"],
    [
      { "certificate-authority-data": base64(authority.certPem), "insecure-skip-tls-verify": true },
      "conflict",
      ".certificate-authority-data: is set together with insecure-skip-tls-verify",
    ],
    [{ server: "api.example:6443" }, "bad-field", '.server "api.example:6443": is not the URL of an API server'],
    [{ server: "" }, "bad-field", ".server: is missing"],
    [{ "proxy-url": "socks5://p:1080" }, "unsupported", '.proxy-url "socks5://p:1080": SOCKS proxies'],
    [{ "proxy-url": "proxy" }, "bad-field", '.proxy-url "proxy": is not the URL of a proxy'],
  ])("%j is refused", (cluster, code, message) => {
    const fault = faultOf(() => resolveContext(oneContext(cluster, {})));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(`${path}: clusters[c].cluster${message}`);
    expect(fault.remedy).toBeTruthy();
  });
});

describe("a user", () => {
  const authOf = (user: object, cluster: object = {}) => resolveContext(oneContext(cluster, user)).auth;

  test("a certificate alone, or beside a token", () => {
    expect(authOf(pair)).toEqual({ kind: "cert", certPem: admin.certPem, keyPem: admin.keyPem });
    expect(authOf({ ...pair, token: "t" })).toEqual({
      kind: "token",
      token: "t",
      certificate: { certPem: admin.certPem, keyPem: admin.keyPem },
    });
  });

  test("data wins over files, one by one", () => {
    const folder = folderWith({ "u.key": admin.keyPem });
    const mixed = {
      "client-certificate-data": base64(admin.certPem),
      "client-certificate": "/nonexistent",
      "client-key": join(folder, "u.key"),
    };
    expect(authOf(mixed)).toMatchObject({ kind: "cert", certPem: admin.certPem, keyPem: admin.keyPem });
  });

  test("a token file goes before the token, which stays as a fall-back", () => {
    expect(authOf({ tokenFile: "t", token: "old" })).toEqual({
      kind: "token-file",
      path: "/etc/hollow/t",
      token: "old",
    });
  });

  test("over plain http nothing is sent", () => {
    expect(authOf({ token: "t" }, { server: "http://127.0.0.1:8080" })).toEqual({ kind: "none" });
  });

  test("an exec plugin is used when there is nothing else, and told of the cluster if it asks", () => {
    const exec = {
      command: "./login",
      args: ["-v"],
      env: [{ name: "A", value: "1" }],
      apiVersion: "client.authentication.k8s.io/v1",
      interactiveMode: "Never",
      installHint: "run \u001b[1mthis",
      provideClusterInfo: true,
    };
    const cluster = {
      "certificate-authority-data": base64(authority.certPem),
      "proxy-url": "http://proxy:3128",
      "disable-compression": true,
      extensions: [
        { name: "other", extension: { x: 1 } },
        { name: "client.authentication.k8s.io/exec", extension: { audience: "abc" } },
      ],
    };
    expect(authOf({ exec, token: "t" })).toMatchObject({ kind: "token" });
    expect(authOf({ exec }, cluster)).toEqual({
      kind: "exec",
      plugin: {
        command: "/etc/hollow/login",
        args: ["-v"],
        env: [{ name: "A", value: "1" }],
        apiVersion: "client.authentication.k8s.io/v1",
        interactiveMode: "Never",
        installHint: "run U+001B[1mthis",
        cluster: {
          server: "https://api.example:6443",
          "certificate-authority-data": base64(authority.certPem),
          "proxy-url": "http://proxy:3128",
          "disable-compression": true,
          config: { audience: "abc" },
        },
        file: path,
        field: "users[u].user.exec",
      },
    });
    expect(authOf({ exec: { ...exec, provideClusterInfo: false } })).not.toHaveProperty("plugin.cluster");
  });

  test("whom to act as", () => {
    const user = { as: "jane", "as-uid": "7", "as-groups": ["a", "b"], "as-user-extra": { reason: ["x", "y"] } };
    expect(resolveContext(oneContext({}, user)).impersonate).toEqual({
      user: "jane",
      uid: "7",
      groups: ["a", "b"],
      extra: new Map([["reason", ["x", "y"]]]),
    });
  });

  const exec = { command: "x", apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "Never" };
  test.each([
    [
      { "auth-provider": { name: "gcp" } },
      "unsupported",
      '.auth-provider.name "gcp": auth providers are not supported',
    ],
    [{ token: "t", username: "u" }, "conflict", ": has both a token and a password"],
    [{ token: "two\nlines" }, "bad-field", ".token: has characters that no token has"],
    [{ "as-groups": ["a"] }, "conflict", ".as-groups: is set without a user"],
    [
      { "client-certificate-data": base64(admin.certPem) },
      "conflict",
      ".client-certificate-data: stands without its key",
    ],
    [{ ...pair, "client-key-data": base64(other.keyPem) }, "conflict", ".client-key-data: does not fit"],
    [{ ...pair, "client-key-data": base64("no") }, "bad-field", ".client-key-data: holds no private key"],
    [{ ...pair, "client-key-data": "", "client-key": "k" }, "file-unreadable", '.client-key "/etc/hollow/k": cannot'],
    [{ exec: { ...exec, command: "" } }, "bad-field", ".exec.command: is missing"],
    [
      { exec: { ...exec, apiVersion: "client.authentication.k8s.io/v1alpha1" } },
      "bad-field",
      '.exec.apiVersion "client.authentication.k8s.io/v1alpha1": is not a version that is spoken here',
    ],
    [{ exec: { ...exec, interactiveMode: "" } }, "bad-field", ".exec.interactiveMode: is missing"],
    [{ exec: { ...exec, env: [{ value: "x" }] } }, "bad-field", ".exec.env[0].name: is missing"],
  ])("%j is refused", (user, code, message) => {
    const fault = faultOf(() => resolveContext(oneContext({}, user)));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(`${path}: users[u].user${message}`);
    expect(fault.remedy).toBeTruthy();
  });

  test("an unused entry may be as wrong as it likes", () => {
    const folder = folderWith();
    writeFileSync(join(folder, "x"), "");
    const unused = parseKubeconfig("users: [{name: broken, user: {auth-provider: {name: gcp}}}]", join(folder, "x"));
    expect(resolveContext(mergeKubeconfigs([oneContext({}, { token: "t" }), unused])).auth.kind).toBe("token");
  });
});
