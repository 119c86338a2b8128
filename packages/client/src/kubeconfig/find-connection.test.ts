import { join } from "node:path";
import { expect, test } from "vitest";
import { findConnection } from "./find-connection.ts";
import { authority, faultOf, folderWith } from "./kubeconfig.testing.ts";

const pod = { KUBERNETES_SERVICE_HOST: "10.96.0.1", KUBERNETES_SERVICE_PORT: "443" };
const mounted = { token: "tok\n", "ca.crt": authority.certPem, namespace: "team\n" };

test("without a kubeconfig, a pod uses its service account", () => {
  const serviceAccountFolder = folderWith(mounted);
  const found = findConnection({ env: pod, home: "/nonexistent", serviceAccountFolder });
  expect(found).toEqual({
    server: "https://10.96.0.1:443",
    caPem: authority.certPem,
    insecureSkipVerify: false,
    namespace: "team",
    auth: { kind: "token-file", path: join(serviceAccountFolder, "token") },
  });
  const env = { ...pod, KUBERNETES_SERVICE_HOST: "fd00::1", POD_NAMESPACE: "own", HTTPS_PROXY: "proxy:3128" };
  expect(findConnection({ env, home: "/nonexistent", serviceAccountFolder })).toMatchObject({
    server: "https://[fd00::1]:443",
    namespace: "own",
    proxyUrl: "http://proxy:3128",
  });
});

test("a kubeconfig goes before the service account, even if it turns out to be wrong", () => {
  const home = folderWith({
    ".kube/config": `
current-context: x
contexts: [{name: x, context: {cluster: gone}}]`,
  });
  const options = { env: pod, home, serviceAccountFolder: folderWith(mounted) };
  expect(faultOf(() => findConnection(options)).code).toBe("not-found");
});

test("outside a cluster the error names where it looked", () => {
  const options = { env: {}, home: "/nonexistent", serviceAccountFolder: folderWith(mounted) };
  expect(faultOf(() => findConnection(options))).toMatchObject({
    code: "no-kubeconfig",
    message: "/nonexistent/.kube/config: no context is configured",
  });
  const mountless = { env: pod, home: "/nonexistent", serviceAccountFolder: folderWith() };
  expect(faultOf(() => findConnection(mountless)).code).toBe("no-kubeconfig");
});
