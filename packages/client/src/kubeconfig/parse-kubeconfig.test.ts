import { describe, expect, test } from "vitest";
import { base64, faultOf } from "./kubeconfig.testing.ts";
import { parseKubeconfig } from "./parse-kubeconfig.ts";

const path = "/srv/me/.kube/config";

describe("what a file says", () => {
  test("relative paths start from the file's folder; commands only with a slash in them", () => {
    const { clusters, users } = parseKubeconfig(
      `
clusters:
- {name: c, cluster: {server: "https://a", certificate-authority: ../ca.pem}}
users:
- name: u
  user: {client-certificate: certs/u.pem, client-key: /abs/../u.key, tokenFile: token}
- name: near
  user: {exec: {command: ./bin/login}}
- name: path
  user: {exec: {command: login}}
`,
      path,
    );
    expect(clusters.get("c")).toMatchObject({ certificateAuthority: "/srv/me/ca.pem", file: path });
    expect(users.get("u")).toMatchObject({
      clientCertificate: "/srv/me/.kube/certs/u.pem",
      clientKey: "/abs/../u.key",
      tokenFile: "/srv/me/.kube/token",
    });
    expect(users.get("near")?.exec?.command).toBe("/srv/me/.kube/bin/login");
    expect(users.get("path")?.exec?.command).toBe("login");
  });

  test("YAML 1.1 words are booleans, dates and times are text, of two equal keys the last counts", () => {
    const text = `
clusters:
- name: c
  cluster: {server: one, server: two, insecure-skip-tls-verify: yes, tls-server-name: 2001-01-01, proxy-url: 12:30}
---
another: document`;
    expect(parseKubeconfig(text, path).clusters.get("c")).toMatchObject({
      server: "two",
      insecureSkipTlsVerify: true,
      tlsServerName: "2001-01-01",
      proxyUrl: "12:30",
    });
  });

  test.each(["", "# nothing but a comment\n", "null", "{}", "clusters: null"])("an empty file is one: %j", (text) => {
    expect(parseKubeconfig(text, path)).toEqual({
      files: [path],
      missingFiles: [],
      currentContext: undefined,
      clusters: new Map(),
      users: new Map(),
      contexts: new Map(),
    });
  });

  test("base64 may be broken into lines", () => {
    const data = base64("some certificate, not looked at before it is used").replace(/(.{20})/g, "$1\n");
    const text = JSON.stringify({ clusters: [{ name: "c", cluster: { "certificate-authority-data": data } }] });
    expect(parseKubeconfig(text, path).clusters.get("c")?.certificateAuthorityData).toMatch(/^some.*used$/);
  });

  test("v1beta1 plugins may use the terminal if there is one, v1 plugins have to say", () => {
    const mode = (version: string) =>
      parseKubeconfig(
        `users: [{name: u, user: {exec: {command: x, apiVersion: client.authentication.k8s.io/${version}}}}]`,
        path,
      ).users.get("u")?.exec?.interactiveMode;
    expect(mode("v1beta1")).toBe("IfAvailable");
    expect(mode("v1")).toBeUndefined();
  });
});

describe("what a file may not say", () => {
  test("a broken line is named, its text is not repeated", () => {
    const fault = faultOf(() => parseKubeconfig('users:\n- {name: u, user: {token: "s3cret"x}}\n', path));
    expect(fault.code).toBe("syntax");
    expect(fault.message).toMatch(/^\/srv\/me\/\.kube\/config: is not YAML: line 2, column \d+: /);
    expect(fault.message).not.toContain("s3cret");
  });

  test("types are those of the API; the value stays unsaid", () => {
    const fault = faultOf(() => parseKubeconfig("users: [{name: u, user: {token: 12345}}]", path));
    expect(fault).toMatchObject({ code: "bad-field", remedy: "Put the value in quotes." });
    expect(fault.message).toBe(`${path}: users[u].user.token: is a number, not a string`);
  });

  test.each([
    ["clusters: {}", "clusters: is a mapping, not a list"],
    ["clusters: [a]", "clusters[0]: is a string, not a mapping"],
    ["- a", `is a list, not a mapping`],
    ["users: [{name: u, user: {as-groups: [1]}}]", "users[u].user.as-groups[0]: is a number, not a string"],
    [
      'clusters: [{name: c, cluster: {insecure-skip-tls-verify: "true"}}]',
      "clusters[c].cluster.insecure-skip-tls-verify: is a string, not true or false",
    ],
    [
      "clusters: [{name: c, cluster: {certificate-authority-data: QUJ}}]",
      "clusters[c].cluster.certificate-authority-data: is not base64 (3 characters)",
    ],
  ])("%s", (text, message) => {
    expect(faultOf(() => parseKubeconfig(text, path)).message).toBe(`${path}: ${message}`);
  });

  test("a name twice in one list", () => {
    const fault = faultOf(() => parseKubeconfig("contexts: [{name: x}, {name: z}, {name: x}]", path));
    expect(fault.code).toBe("duplicate-name");
    expect(fault.message).toBe(`${path}: contexts[].name "x": is there twice`);
  });

  test("an object of another kind", () => {
    expect(faultOf(() => parseKubeconfig("kind: Pod\napiVersion: v1", path))).toMatchObject({
      code: "syntax",
      message: `${path}: kind "Pod": this is not a kubeconfig`,
    });
  });
});
