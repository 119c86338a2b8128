import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EmbeddedApiServer } from "../../embedded-apiserver.ts";
import { createTestClient, type TestClient } from "../testing/client.ts";
import { startTestServer } from "../testing/server.ts";

let server: EmbeddedApiServer;
let client: TestClient;
beforeAll(async () => {
  server = await startTestServer();
  client = createTestClient(server.url);
});
afterAll(async () => {
  client.close();
  await server.close();
});

const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly [member: string]: unknown }[];
}

describe("discovery", () => {
  it("names the versions and groups", async () => {
    expect((await client.get("/api")).json()).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
    const { groups } = (await client.get("/apis")).json<{ groups: { name: string }[] }>();
    const version = { groupVersion: "apps/v1", version: "v1" };
    expect(groups[0]).toEqual({ name: "apps", versions: [version], preferredVersion: version });
    const { kind, ...own } = (await client.get("/apis/apps")).json();
    expect([kind, own]).toEqual(["APIGroup", { apiVersion: "v1", ...groups[0] }]);
  });

  it("names resources as the real server does", async () => {
    const { resources } = (await client.get("/api/v1")).json<ResourceList>();
    expect(resources.find(({ name }) => name === "configmaps")).toEqual({
      name: "configmaps",
      singularName: "configmap",
      namespaced: true,
      kind: "ConfigMap",
      verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
      shortNames: ["cm"],
      storageVersionHash: "qFsyl6wFWjQ=",
    });
    expect(resources.find(({ name }) => name === "pods/eviction")).toEqual({
      name: "pods/eviction",
      singularName: "",
      namespaced: true,
      group: "policy",
      version: "v1",
      kind: "Eviction",
      verbs: ["create"],
    });
    const names = resources.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    const events = (await client.get("/apis/events.k8s.io/v1")).json<ResourceList>().resources[0];
    expect(events?.["storageVersionHash"]).toBe("r2yiGXH7wu8=");
  });

  it("aggregates, with an ETag", async () => {
    const all = await client.get("/apis", { accept: aggregated });
    expect(all.headers["content-type"]).toBe("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
    const { items } = all.json<{
      items: { metadata: { name: string }; versions: { resources: ResourceList[] }[] }[];
    }>();
    expect(items[0]?.metadata.name).toBe("apps");
    expect(items[0]?.versions[0]).toMatchObject({ version: "v1", freshness: "Current" });
    expect(items[0]?.versions[0]?.resources[2]).toMatchObject({
      resource: "deployments",
      scope: "Namespaced",
      responseKind: { kind: "Deployment" },
      subresources: [
        { subresource: "scale", responseKind: { group: "autoscaling", version: "v1", kind: "Scale" } },
        {},
      ],
    });
    const etag = all.headers["etag"] ?? "";
    const again = await client.get("/apis", { accept: aggregated, "if-none-match": etag });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    const core = (await client.get("/api", { accept: aggregated })).json<{ items: object[] }>();
    expect(core.items).toHaveLength(1);
  });

  it.each([["/apis/apps/v2"], ["/api/v2"]])("serves no other version: %s", async (path) => {
    const reply = await client.get(path);
    expect([reply.status, reply.json()["reason"]]).toEqual([404, "NotFound"]);
  });

  it.each([["/apis/gadgets"], ["/apis/gadgets/v1"], ["/nothing"], ["//api"]])("does not know %s", async (path) => {
    const reply = await client.get(path);
    expect([reply.status, reply.body.toString()]).toEqual([404, "404 page not found\n"]);
  });
});

describe("pages", () => {
  it("tells its version", async () => {
    const version = (await client.get("/version")).json();
    expect(version).toMatchObject({ major: "1", minor: "36", gitVersion: "v1.36.3-hollowfleet" });
  });

  it("tells its health", async () => {
    for (const path of ["/healthz", "/livez", "/readyz", "/readyz/ping"]) {
      const reply = await client.get(path);
      expect([reply.status, reply.body.toString()]).toEqual([200, "ok"]);
    }
    const verbose = (await client.get("/readyz?verbose&exclude=ping&exclude=moon")).body.toString();
    expect(verbose).toBe(
      "[+]ping excluded: ok\n[+]shutdown ok\n" +
        'warn: some health checks cannot be excluded: no matches for "moon"\nreadyz check passed\n',
    );
    expect((await client.get("/readyz/moon")).status).toBe(404);
  });

  it("writes metrics", async () => {
    await client.get("/api/v1/nodes");
    const reply = await client.get("/metrics");
    expect(reply.headers["content-type"]).toContain("text/plain");
    const text = reply.body.toString();
    expect(text).toContain('apiserver_storage_objects{resource="namespaces"} 4\n');
    expect(text).toMatch(
      /apiserver_request_sli_duration_seconds_count\{.*resource="nodes",scope="cluster".*verb="LIST"/,
    );
    expect(text).toMatch(/process_cpu_seconds_total \d/);
    expect(text).toMatch(/process_resident_memory_bytes \d{7}/);
  });

  it("is only read", async () => {
    expect((await client.send("POST", "/version", {})).status).toBe(405);
    expect((await client.get("/")).json<{ paths: string[] }>().paths).toContain("/apis");
  });
});
