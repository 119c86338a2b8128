import { describe, expect, it } from "vitest";
import type { KubeObject } from "../object.ts";
import { configMapOf, infoOf, makeApi, podOf, refusal, type TestApi, watchOf } from "./testing/test-api.ts";

function put(
  test: TestApi,
  key: string,
  object: Record<string, unknown> | KubeObject,
  subresource = "",
  dryRun = false,
) {
  const body = structuredClone(object) as KubeObject;
  const { namespace = "", name = "" } = body.metadata;
  const path = namespace === "" ? name : `${namespace}/${name}`;
  return test.api.update(infoOf("update", key, path, subresource), body, { dryRun });
}

describe("update", () => {
  it("replaces the object and keeps what only the server sets", () => {
    const test = makeApi();
    const created = test.create("configmaps", configMapOf("a"));
    const result = put(test, "configmaps", { ...configMapOf("a"), data: { k: "v" } });
    expect(result.httpCode).toBe(200);
    expect(result.object).toEqual({
      ...created,
      data: { k: "v" },
      metadata: { ...created.metadata, resourceVersion: "3" },
    });
  });

  it("refuses an old resourceVersion", () => {
    const test = makeApi();
    const first = test.create("configmaps", configMapOf("a"));
    put(test, "configmaps", { ...first, data: { k: "v" } });
    const error = refusal(() => put(test, "configmaps", { ...first, data: { k: "w" } }));
    expect(error.status()).toMatchObject({
      message:
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
      reason: "Conflict",
      details: { name: "a", kind: "configmaps" },
      code: 409,
    });
  });

  it("refuses the uid of another object in the words of the storage", () => {
    const test = makeApi();
    test.create("nodes", { apiVersion: "v1", kind: "Node", metadata: { name: "n" } });
    const error = refusal(() =>
      put(test, "nodes", { apiVersion: "v1", kind: "Node", metadata: { name: "n", uid: "other" } }),
    );
    expect(error.message).toBe(
      'Operation cannot be fulfilled on nodes "n": StorageError: invalid object, Code: 4, Key: /registry/minions/n, ' +
        "ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: other, UID in object meta: uid-1",
    );
  });

  it("makes no new version, and no event, of a change of nothing", () => {
    const test = makeApi();
    const created = test.create("configmaps", { ...configMapOf("a"), data: { k: "v" } });
    const watch = watchOf(test, "configmaps", "default", { resourceVersion: "2" });
    const result = put(test, "configmaps", { ...configMapOf("a"), data: { k: "v" } });
    expect(result.object).toBe(created);
    expect(watch.texts()).toEqual([]);
  });

  it("demands a resourceVersion where the kind does", () => {
    const test = makeApi();
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "l", namespace: "default" },
      spec: {},
    };
    const made = put(test, "leases.coordination.k8s.io", lease);
    expect(made.httpCode).toBe(201);
    const error = refusal(() => put(test, "leases.coordination.k8s.io", lease));
    expect(error.message).toBe(
      'leases.coordination.k8s.io "l" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
    const { metadata } = made.object as KubeObject;
    const renewed = put(test, "leases.coordination.k8s.io", { ...lease, metadata, spec: { holderIdentity: "me" } });
    expect(renewed.httpCode).toBe(200);
  });

  it("does not create what allows no creation, nor with a uid", () => {
    const test = makeApi();
    expect(refusal(() => put(test, "configmaps", configMapOf("a"))).message).toBe('configmaps "a" not found');
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "l", namespace: "default", uid: "u" },
    };
    expect(refusal(() => put(test, "leases.coordination.k8s.io", lease)).code).toBe("Conflict");
  });

  it("creates only for those who may create", () => {
    const decide = ({ verb }: { readonly verb: string }) =>
      verb === "create" ? ({ allowed: false, reason: "no" } as const) : ({ allowed: true } as const);
    const authorizer = { authorize: decide, authorizePath: decide, authorizeAccess: decide };
    const test = makeApi({ access: { authorizer, userOfToken: () => undefined } });
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "l", namespace: "default" },
    };
    const error = refusal(() => put(test, "leases.coordination.k8s.io", lease));
    expect(error.httpCode).toBe(403);
    expect(error.message).toContain('User "admin" cannot create resource "leases" in API group "coordination.k8s.io"');
  });

  it("refuses another name than the path's", () => {
    const test = makeApi();
    const change = (metadata: Record<string, unknown>) => () =>
      test.api.update(infoOf("update", "configmaps", "default/a"), { ...configMapOf("a"), metadata } as KubeObject, {});
    expect(refusal(change({ name: "b" })).message).toBe(
      "the name of the object (b) does not match the name on the URL (a)",
    );
    expect(refusal(change({})).message).toContain("(a based on URL) was undeterminable");
  });

  it("raises the generation by the kind's own rule only", () => {
    const test = makeApi();
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "d", namespace: "default" },
      spec: { replicas: 1 },
    };
    test.create("deployments.apps", deployment);
    const labelled = put(test, "deployments.apps", {
      ...deployment,
      metadata: { ...deployment.metadata, generation: 99, labels: { a: "b" } },
    });
    expect((labelled.object as KubeObject).metadata.generation).toBe(1);
    const changed = put(test, "deployments.apps", { ...deployment, spec: { replicas: 2 } });
    expect((changed.object as KubeObject).metadata.generation).toBe(2);
  });

  it("repeats causes as the real server does, but not their texts", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a"));
    const error = refusal(() => put(test, "configmaps", configMapOf("a", { labels: { "a b": "c" } })));
    expect(error.details?.causes).toHaveLength(3);
    expect(error.message.match(/metadata\.labels/g)).toHaveLength(1);
  });

  it("writes nothing in a dry run", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a"));
    const result = put(test, "configmaps", { ...configMapOf("a"), data: { k: "v" } }, "", true);
    expect(result.object).toMatchObject({ data: { k: "v" }, metadata: { resourceVersion: "2" } });
    expect(test.store.revision).toBe(2);
  });
});

describe("update of status", () => {
  it("changes the status alone, as the object itself changes all but the status", () => {
    const test = makeApi();
    test.create("pods", podOf("p"));
    const body = { ...podOf("p", { nodeName: "sneaked" }), status: { phase: "Running" } };
    expect(put(test, "pods", body, "status").object).toMatchObject({ status: { phase: "Running" } });
    const stored = test.api.get(infoOf("get", "pods", "default/p"), {});
    expect(stored["spec"]).not.toHaveProperty("nodeName");
    const after = put(test, "pods", { ...body, status: { phase: "Failed" } }).object as KubeObject;
    expect(after).toMatchObject({ spec: { nodeName: "sneaked" }, status: { phase: "Running" } });
  });

  it("is never a creation", () => {
    const test = makeApi();
    expect(refusal(() => put(test, "pods", podOf("p"), "status")).code).toBe("NotFound");
  });
});

describe("what is being deleted", () => {
  it("goes with its last finalizer, and gets no new one", () => {
    const test = makeApi();
    const created = test.create("configmaps", configMapOf("a", { finalizers: ["example.com/one", "example.com/two"] }));
    test.api.delete(infoOf("delete", "configmaps", "default/a"), {});
    const watch = watchOf(test, "configmaps", "default", { resourceVersion: String(test.store.revision) });
    const put3 = configMapOf("a", { finalizers: ["example.com/one", "example.com/two", "example.com/three"] });
    expect(refusal(() => put(test, "configmaps", put3)).message).toContain(
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/three"}',
    );
    put(test, "configmaps", configMapOf("a", { finalizers: ["example.com/two"] }));
    const last = put(test, "configmaps", configMapOf("a")).object as KubeObject;
    expect(last.metadata.uid).toBe(created.metadata.uid);
    expect(watch.texts()).toEqual(["MODIFIED a@4", "DELETED a@5"]);
    // The event shows the last state that was stored.
    expect((watch.events[1]!.object as KubeObject).metadata.finalizers).toEqual(["example.com/two"]);
  });

  it("keeps its deletionTimestamp whatever is sent", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a", { finalizers: ["example.com/one"] }));
    test.api.delete(infoOf("delete", "configmaps", "default/a"), {});
    const after = put(test, "configmaps", {
      ...configMapOf("a", { finalizers: ["example.com/one"] }),
      data: { k: "v" },
    });
    expect(after.object.metadata).toMatchObject({
      deletionTimestamp: "2026-01-01T00:00:00Z",
      deletionGracePeriodSeconds: 0,
    });
  });
});
