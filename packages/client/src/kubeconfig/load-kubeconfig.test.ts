import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { faultOf, folderWith } from "./kubeconfig.testing.ts";
import { loadKubeconfig } from "./load-kubeconfig.ts";

const nowhere = "/nonexistent/home";

test("the files of KUBECONFIG are merged, the first to name a thing wins, missing ones are skipped", () => {
  const folder = folderWith({
    "one/config": "clusters: [{name: a, cluster: {server: one}}]",
    "two/config": `
current-context: two
clusters: [{name: a, cluster: {server: two, tls-server-name: two}}, {name: b, cluster: {certificate-authority: ca.pem}}]`,
    ".kube/config": "current-context: home",
  });
  const paths = ["one/config", "missing", "two/config", "one/config"].map((name) => join(folder, name));
  const loaded = loadKubeconfig({ env: { KUBECONFIG: `:${paths.join(":")}` }, home: folder });
  expect(loaded.files).toEqual([paths[0], paths[2]]);
  expect(loaded.missingFiles).toEqual([paths[1]]);
  expect(loaded.currentContext).toBe("two");
  expect(loaded.clusters.get("a")).toMatchObject({ server: "one", tlsServerName: undefined });
  expect(loaded.clusters.get("b")?.certificateAuthority).toBe(join(folder, "two/ca.pem"));
});

test("without KUBECONFIG the home folder's file is read, and it may be absent", () => {
  const home = folderWith({ ".kube/config": "current-context: home" });
  expect(loadKubeconfig({ env: { KUBECONFIG: "" }, home }).currentContext).toBe("home");
  expect(loadKubeconfig({ env: {}, home: nowhere })).toMatchObject({
    files: [],
    missingFiles: ["/nonexistent/home/.kube/config"],
  });
});

test("an explicit file is read alone, and has to exist", () => {
  const folder = folderWith({ chosen: "current-context: chosen", listed: "current-context: listed" });
  const env = { KUBECONFIG: join(folder, "listed") };
  expect(loadKubeconfig({ explicitPath: join(folder, "chosen"), env, home: folder })).toMatchObject({
    currentContext: "chosen",
    files: [join(folder, "chosen")],
  });
  const fault = faultOf(() => loadKubeconfig({ explicitPath: join(folder, "gone"), env, home: folder }));
  expect(fault.code).toBe("file-unreadable");
  expect(fault.message).toBe(`${join(folder, "gone")}: the file does not exist`);
});

test("a path that is no file is an error, not a missing file", () => {
  const folder = folderWith();
  mkdirSync(join(folder, "dir"));
  const fault = faultOf(() => loadKubeconfig({ env: { KUBECONFIG: join(folder, "dir") }, home: nowhere }));
  expect(fault).toMatchObject({ code: "file-unreadable", message: `${join(folder, "dir")}: cannot be read` });
});
