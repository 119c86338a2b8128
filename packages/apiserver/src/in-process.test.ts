import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ApiError } from "./api-error.ts";
import type { EmbeddedApiServer } from "./embedded-apiserver.ts";
import { startTestServer } from "./http/testing/server.ts";
import type { InProcessApi } from "./in-process.ts";
import type { KubeObject } from "./object.ts";

let server: EmbeddedApiServer;
let api: InProcessApi;
beforeEach(async () => {
  server = await startTestServer();
  api = server.inProcess({ name: "system:kube-controller-manager", groups: ["system:masters"] });
});
afterEach(() => server.close());

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
  return "done";
}

const deployment = {
  metadata: { name: "web", namespace: "default", labels: undefined },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "i" }] } },
  },
};

describe("the API in the same process", () => {
  it("creates, reads, changes and deletes, with defaults and conflicts", () => {
    const made = api.create<KubeObject>("deployments.apps", deployment as unknown as KubeObject);
    expect(made).toMatchObject({ apiVersion: "apps/v1", kind: "Deployment", spec: { replicas: 1 } });
    expect(Object.keys(made.metadata)).not.toContain("labels");
    expect(api.get("deployments.apps", "default", "web")).toBe(made);
    expect(api.list("deployments.apps")).toEqual([made]);
    expect(api.list("deployments.apps", "kube-system")).toEqual([]);
    const changed = api.updateStatus("deployments.apps", { ...made, status: { replicas: 1 } });
    expect(changed).toMatchObject({ status: { replicas: 1 } });
    expect(refusal(() => api.update("deployments.apps", { ...made, metadata: { ...made.metadata, labels: {} } }))).toBe(
      "Conflict",
    );
    expect(refusal(() => api.delete("deployments.apps", "default", "web", { uid: "other" }))).toBe("Conflict");
    api.delete("deployments.apps", "default", "web", { propagation: "Background" });
    expect(api.get("deployments.apps", "default", "web")).toBeUndefined();
    expect(refusal(() => api.delete("deployments.apps", "default", "web"))).toBe("NotFound");
  });

  it("binds pods and finalizes namespaces", () => {
    api.create("serviceaccounts", { metadata: { name: "default", namespace: "default" } });
    const spec = { containers: [{ name: "c", image: "i" }] };
    api.create("pods", { metadata: { name: "p", namespace: "default" }, spec });
    api.bind("default", "p", "node-1");
    expect(api.get("pods", "default", "p")).toMatchObject({ spec: { nodeName: "node-1" } });
    const made = api.create<KubeObject>("namespaces", { metadata: { name: "doomed" } } as KubeObject);
    api.delete("namespaces", "", "doomed");
    expect(api.get("namespaces", "", "doomed")).toMatchObject({ status: { phase: "Terminating" } });
    const dying = api.get<KubeObject>("namespaces", "", "doomed") ?? made;
    api.finalizeNamespace({ ...dying, spec: { finalizers: [] } });
    expect(api.get("namespaces", "", "doomed")).toBeUndefined();
  });

  it("tells of each change within the write", () => {
    const seen: string[] = [];
    const end = api.watch<KubeObject>("configmaps", ({ type, object }) => seen.push(`${type} ${object.metadata.name}`));
    api.create("configmaps", { metadata: { name: "a", namespace: "default" } });
    expect(seen).toEqual(["ADDED a"]);
    api.delete("configmaps", "default", "a");
    expect(seen).toEqual(["ADDED a", "DELETED a"]);
    end();
    api.create("configmaps", { metadata: { name: "b", namespace: "default" } });
    expect(seen).toHaveLength(2);
  });

  it("names what can be deleted, each storage once", () => {
    const named = api.resources();
    expect(named).toContainEqual({
      name: "deployments.apps",
      namespaced: true,
      apiVersion: "apps/v1",
      kind: "Deployment",
    });
    expect(named.filter(({ kind }) => kind === "Event")).toHaveLength(1);
    expect(named.map(({ name }) => name)).not.toContain("tokenreviews.authentication.k8s.io");
  });
});
