import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../object.ts";
import { bytesOf, infoOf, makeApi, podOf, refusal, type TestApi } from "../testing/test-api.ts";

function bind(
  test: TestApi,
  name: string,
  binding: Record<string, unknown> = {},
  metadata: Record<string, unknown> = {},
) {
  const target = { apiVersion: "v1", kind: "Node", name: "n" };
  const body = { apiVersion: "v1", kind: "Binding", metadata: { name, ...metadata }, target, ...binding };
  return test.api.create(infoOf("create", "pods", `default/${name}`, "binding"), body as KubeObject, {});
}

function get(test: TestApi, key: string, path: string, subresource = ""): KubeObject {
  return test.api.get(infoOf("get", key, path, subresource), {});
}

describe("binding", () => {
  it("gives a pod its node and the condition that says so", () => {
    const test = makeApi();
    test.create("pods", podOf("p", {}, { labels: { a: "b" } }));
    const result = bind(test, "p", {}, { annotations: { why: "fits" } });
    expect(result).toEqual({
      httpCode: 201,
      object: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
    });
    expect(get(test, "pods", "default/p")).toMatchObject({
      metadata: { labels: { a: "b" }, annotations: { why: "fits" }, generation: 1 },
      spec: { nodeName: "n" },
      status: { conditions: [{ type: "PodScheduled", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" }] },
    });
  });

  it("can be posted without naming the pod in the path", () => {
    const test = makeApi();
    test.create("pods", podOf("p"));
    const body = { apiVersion: "v1", kind: "Binding", metadata: { name: "p" }, target: { name: "n" } } as KubeObject;
    expect(test.api.create(infoOf("create", "bindings", "default/"), body, {}).httpCode).toBe(201);
    expect(get(test, "pods", "default/p")["spec"]).toMatchObject({ nodeName: "n" });
  });

  it("happens once", () => {
    const test = makeApi();
    test.create("pods", podOf("p"));
    bind(test, "p");
    const error = refusal(() => bind(test, "p"));
    expect(error.message).toBe(
      'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n"',
    );
    expect(error.details).toEqual({ name: "p", kind: "pods/binding" });
  });

  it("is refused for another uid, a wrong target, and pods that go or wait", () => {
    const test = makeApi();
    test.create("pods", podOf("p"));
    expect(refusal(() => bind(test, "p", {}, { uid: "other" })).message).toContain(
      "Precondition failed: UID in precondition: other",
    );
    expect(refusal(() => bind(test, "p", { target: {} })).message).toBe("target.name: Required value");
    expect(refusal(() => bind(test, "p", { target: { kind: "Pod", name: "x" } })).httpCode).toBe(500);
    expect(refusal(() => bind(test, "q")).code).toBe("NotFound");
    test.create("pods", podOf("gated", { schedulingGates: [{ name: "g" }] }));
    expect(refusal(() => bind(test, "gated")).message).toContain("pod gated has non-empty .spec.schedulingGates");
    test.create("pods", podOf("going", {}, { finalizers: ["example.com/wait"] }));
    test.api.delete(infoOf("delete", "pods", "default/going"), {});
    expect(refusal(() => bind(test, "going")).message).toContain("is being deleted, cannot be assigned to a host");
  });
});

describe("scale", () => {
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d", namespace: "default" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { b: "c" }, matchExpressions: [{ key: "a", operator: "In", values: ["y", "x"] }] },
    },
    status: { replicas: 1 },
  };
  const key = "deployments.apps";

  it("shows a workload as a Scale", () => {
    const test = makeApi();
    test.create(key, deployment);
    expect(get(test, key, "default/d", "scale")).toEqual({
      kind: "Scale",
      apiVersion: "autoscaling/v1",
      metadata: {
        name: "d",
        namespace: "default",
        uid: "uid-1",
        resourceVersion: "2",
        creationTimestamp: "2026-01-01T00:00:00Z",
      },
      spec: { replicas: 2 },
      status: { replicas: 1, selector: "a in (x,y),b=c" },
    });
  });

  it("changes the replicas as an update of the workload does", () => {
    const test = makeApi();
    test.create(key, deployment);
    const scale = structuredClone(get(test, key, "default/d", "scale"));
    const put = (spec: Record<string, unknown>, metadata = scale.metadata) =>
      test.api.update(infoOf("update", key, "default/d", "scale"), { ...scale, metadata: { ...metadata }, spec }, {});
    expect(put({ replicas: 5 }).object).toMatchObject({ kind: "Scale", spec: { replicas: 5 } });
    expect(get(test, key, "default/d")).toMatchObject({
      metadata: { generation: 2 },
      spec: { replicas: 5, selector: deployment.spec.selector },
    });
    expect(refusal(() => put({ replicas: 6 })).code).toBe("Conflict");
    const { resourceVersion: _, ...metadata } = scale.metadata;
    expect(put({}, metadata).object).toMatchObject({ spec: {} });
    expect(refusal(() => put({ replicas: -1 }, metadata)).message).toBe(
      'Scale.autoscaling "d" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
    expect(refusal(() => put({ replicas: 1 }, { ...metadata, uid: "other" })).code).toBe("Conflict");
  });

  it("can be patched", () => {
    const test = makeApi();
    test.create(key, deployment);
    const info = infoOf("patch", key, "default/d", "scale");
    expect(test.api.patch(info, "merge", bytesOf({ spec: { replicas: 7 } }), {}).object).toMatchObject({
      spec: { replicas: 7 },
    });
    expect(get(test, key, "default/d")).toMatchObject({ spec: { replicas: 7 } });
  });
});

describe("eviction", () => {
  function evict(test: TestApi, name: string, deleteOptions: Record<string, unknown> = {}, dryRun = false) {
    const body = {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name },
      deleteOptions,
    } as unknown as KubeObject;
    return test.api.create(infoOf("create", "pods", `default/${name}`, "eviction"), body, { dryRun });
  }

  function withPod(
    status: Record<string, unknown>,
    budget?: Record<string, unknown>,
    spec: Record<string, unknown> = {},
  ): TestApi {
    const test = makeApi();
    const pod = test.create("pods", podOf("p", { nodeName: "n" }, { labels: { app: "a" } }));
    test.api.update(infoOf("update", "pods", "default/p", "status"), { ...structuredClone(pod), status }, {});
    if (budget === undefined) return test;
    test.create("poddisruptionbudgets.policy", {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "b", namespace: "default" },
      spec: { selector: { matchLabels: { app: "a" } }, ...spec },
      status: budget,
    });
    return test;
  }

  const ready = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };

  it("deletes the pod with its grace and says why in a condition", () => {
    const test = withPod(ready);
    expect(evict(test, "p").httpCode).toBe(201);
    const pod = get(test, "pods", "default/p");
    expect(pod.metadata.deletionGracePeriodSeconds).toBe(30);
    expect(pod["status"]).toMatchObject({
      conditions: [{ type: "Ready" }, { type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI" }],
    });
  });

  it("takes one from the budget and notes the pod in it", () => {
    const test = withPod(ready, { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1 });
    evict(test, "p");
    expect(get(test, "poddisruptionbudgets.policy", "default/b")["status"]).toMatchObject({
      disruptionsAllowed: 0,
      disruptedPods: { p: "2026-01-01T00:00:00Z" },
      conditions: [{ type: "DisruptionAllowed", status: "False", reason: "InsufficientPods" }],
    });
  });

  it("is put off while the budget allows none", () => {
    const test = withPod(ready, { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1 });
    expect(refusal(() => evict(test, "p")).status()).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      reason: "TooManyRequests",
      details: {
        causes: [
          { reason: "DisruptionBudget", message: "The disruption budget b needs 1 healthy pods and has 1 currently" },
        ],
      },
      code: 429,
    });
    expect(get(test, "pods", "default/p").metadata.deletionTimestamp).toBeUndefined();
  });

  it("waits for a budget that has not been looked at yet", () => {
    const test = withPod(ready, { disruptionsAllowed: 1, observedGeneration: 0 });
    const budget = structuredClone(get(test, "poddisruptionbudgets.policy", "default/b"));
    test.store.update(infoOf("get", "poddisruptionbudgets.policy").resource, {
      ...budget,
      metadata: { ...budget.metadata, generation: 1 },
    });
    expect(refusal(() => evict(test, "p")).details?.retryAfterSeconds).toBe(10);
  });

  it("of a pod that disrupts nobody asks no budget", () => {
    const none = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 1 };
    expect(evict(withPod({ phase: "Pending" }, none), "p").httpCode).toBe(201);
    const unready = { phase: "Running", conditions: [{ type: "Ready", status: "False" }] };
    expect(refusal(() => evict(withPod(unready, none), "p")).httpCode).toBe(429);
    expect(evict(withPod(unready, none, { unhealthyPodEvictionPolicy: "AlwaysAllow" }), "p").httpCode).toBe(201);
    expect(evict(withPod(unready, { ...none, currentHealthy: 1 }), "p").httpCode).toBe(201);
  });

  it("heeds preconditions and dry runs", () => {
    const test = withPod(ready);
    expect(refusal(() => evict(test, "p", { preconditions: { uid: "other" } })).code).toBe("Conflict");
    const { revision } = test.store;
    evict(test, "p", {}, true);
    evict(test, "p", { dryRun: ["All"] });
    expect(test.store.revision).toBe(revision);
    const { resourceVersion } = get(test, "pods", "default/p").metadata;
    evict(test, "p", { gracePeriodSeconds: 0, preconditions: { resourceVersion } });
    expect(refusal(() => get(test, "pods", "default/p")).code).toBe("NotFound");
  });
});

describe("reviews", () => {
  it("are answered and not stored", () => {
    const decide = () => ({ allowed: false, reason: "not today" }) as const;
    const authorizer = { authorize: decide, authorizePath: decide, authorizeAccess: decide };
    const test = makeApi({ access: { authorizer, userOfToken: () => undefined } });
    const ask = (key: string, kind: string, spec: Record<string, unknown>) =>
      test.api.create(infoOf("create", key), { kind, metadata: {}, spec } as unknown as KubeObject, {});
    const mayI = ask("selfsubjectaccessreviews.authorization.k8s.io", "SelfSubjectAccessReview", {
      resourceAttributes: { verb: "get", resource: "pods" },
    });
    expect(mayI).toMatchObject({ httpCode: 201, object: { status: { allowed: false, reason: "not today" } } });
    const whoAmI = ask("selfsubjectreviews.authentication.k8s.io", "SelfSubjectReview", {});
    expect(whoAmI.object).toMatchObject({ status: { userInfo: { username: "admin" } } });
    expect(test.store.revision).toBe(1);
    expect(
      refusal(() => makeApi().api.create(infoOf("create", "tokenreviews.authentication.k8s.io"), {} as KubeObject, {}))
        .httpCode,
    ).toBe(404);
  });
});

describe("other parts", () => {
  it("are answered as far as the resource has them", () => {
    const test = makeApi();
    test.create("pods", podOf("p"));
    const info = infoOf("create", "pods", "default/p", "exec");
    expect(refusal(() => test.api.create(info, podOf("p") as KubeObject, {})).httpCode).toBe(405);
    expect(refusal(() => test.api.deleteCollection(infoOf("deletecollection", "namespaces"), {}, {})).code).toBe(
      "MethodNotAllowed",
    );
    expect(refusal(() => get(test, "pods", "default/p", "log")).message).toBe("pod p does not have a host assigned");
    expect(get(test, "pods", "default/p", "status")).toBe(get(test, "pods", "default/p"));
  });

  it("say that there is no signing key", () => {
    const test = makeApi();
    test.create("serviceaccounts", {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "s", namespace: "default" },
    });
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", metadata: {}, spec: {} } as KubeObject;
    expect(
      refusal(() => test.api.create(infoOf("create", "serviceaccounts", "default/s", "token"), body, {})).code,
    ).toBe("NotFound");
  });
});
