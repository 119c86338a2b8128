import { describe, expect, it } from "vitest";
import type { AdmissionPlugin } from "../admission/admission.ts";
import type { KubeObject } from "../object.ts";
import { configMapOf, infoOf, makeApi, podOf, refusal } from "./testing/test-api.ts";

describe("create", () => {
  it("gives uid, time, namespace and version, and drops what only the server sets", () => {
    const test = makeApi();
    const body = configMapOf("a", {
      namespace: undefined,
      uid: "mine",
      creationTimestamp: "2020-01-01T00:00:00Z",
      deletionTimestamp: "2020-01-01T00:00:00Z",
      deletionGracePeriodSeconds: 3,
      managedFields: [{ manager: "me" }],
      selfLink: "/x",
    }) as unknown as KubeObject;
    const result = test.api.create(infoOf("create", "configmaps", "default/"), body, {});
    expect(result).toMatchObject({ httpCode: 201, warnings: [] });
    expect(result.object).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "a",
        namespace: "default",
        uid: "uid-1",
        creationTimestamp: "2026-01-01T00:00:00Z",
        resourceVersion: "2",
      },
    });
    expect(test.store.get(infoOf("get", "configmaps").resource, "default", "a")).toBe(result.object);
  });

  it("makes a name of generateName and five letters, never one that is taken", () => {
    const test = makeApi();
    const names = Array.from({ length: 50 }, () => {
      const base = "x".repeat(60);
      return test.create("configmaps", configMapOf("", { generateName: base })).metadata.name ?? "";
    });
    for (const name of names) expect(name).toMatch(/^x{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(new Set(names).size).toBe(50);
  });

  it("refuses what is there, and tells when that is going", () => {
    const test = makeApi();
    test.create("configmaps", configMapOf("a", { finalizers: ["example.com/wait"] }));
    const error = refusal(() => test.create("configmaps", configMapOf("a")));
    expect(error.status()).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: 'configmaps "a" already exists',
      reason: "AlreadyExists",
      details: { name: "a", kind: "configmaps" },
      code: 409,
    });
    test.api.delete(infoOf("delete", "configmaps", "default/a"), {});
    const later = refusal(() => test.create("configmaps", configMapOf("a")));
    expect(later.message).toBe('object is being deleted: configmaps "a" already exists');
  });

  it("refuses another namespace, kind or version than the path's", () => {
    const { api } = makeApi();
    const post = (body: object) => () => api.create(infoOf("create", "configmaps", "other/"), body as KubeObject, {});
    expect(refusal(post(configMapOf("a"))).message).toBe(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
    expect(refusal(post({ ...configMapOf("a"), apiVersion: "v2" })).message).toBe(
      "the API version in the data (v2) does not match the expected API version (v1)",
    );
    expect(refusal(post({ ...configMapOf("a"), kind: "Secret" })).httpCode).toBe(400);
  });

  it("takes a body that does not say what it is", () => {
    const { api } = makeApi();
    const body = { metadata: { name: "a" } } as KubeObject;
    expect(api.create(infoOf("create", "configmaps", "default/"), body, {}).object).toMatchObject({
      kind: "ConfigMap",
    });
  });

  it("refuses a resourceVersion with an error that has no reason", () => {
    const test = makeApi();
    const { reason, code, message } = refusal(() =>
      test.create("configmaps", configMapOf("a", { resourceVersion: "7" })),
    ).status();
    expect({ reason, code }).toEqual({ reason: undefined, code: 500 });
    expect(message).toBe("resourceVersion should not be set on objects to be created");
  });

  it("stores nothing in a dry run, but finds faults", () => {
    const test = makeApi();
    const dryRun = (name: string) =>
      test.api.create(infoOf("create", "configmaps", "default/"), configMapOf(name) as KubeObject, { dryRun: true });
    expect(dryRun("a").object.metadata).toMatchObject({ uid: "uid-1" });
    expect(dryRun("a").object.metadata).not.toHaveProperty("resourceVersion");
    expect(test.store.revision).toBe(1);
    test.create("configmaps", configMapOf("a"));
    expect(refusal(() => dryRun("a")).code).toBe("AlreadyExists");
    expect(refusal(() => dryRun("A")).code).toBe("Invalid");
  });
});

describe("validation", () => {
  it("tells the faults of metadata and of the kind in one answer", () => {
    const test = makeApi();
    const error = refusal(() => test.create("pods", { ...podOf("Bad_Name"), spec: undefined }));
    expect(error.httpCode).toBe(422);
    expect(error.details?.causes?.map(({ reason, field }) => [reason, field])).toEqual([
      ["FieldValueInvalid", "metadata.name"],
      ["FieldValueRequired", "spec"],
    ]);
    expect(error.message).toMatch(
      /^Pod "Bad_Name" is invalid: \[metadata\.name: Invalid value: "Bad_Name": a lowercase RFC 1123/,
    );
  });

  it("tells a name that is missing", () => {
    const test = makeApi();
    const error = refusal(() => test.create("configmaps", configMapOf("")));
    expect(error.message).toBe(
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    );
  });

  const owner = { apiVersion: "v1", kind: "Node", name: "n", uid: "u" };
  const cases: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ["labels", { labels: { "a/b/c": "x" } }, "metadata.labels"],
    ["values of labels", { labels: { a: "-x" } }, "metadata.labels"],
    ["annotations", { annotations: { "": "x" } }, "metadata.annotations"],
    ["large annotations", { annotations: { a: "x".repeat(262_145) } }, "metadata.annotations"],
    ["finalizers without a domain", { finalizers: ["mine"] }, "metadata.finalizers[0]"],
    ["two ways of propagation", { finalizers: ["orphan", "foregroundDeletion"] }, "metadata.finalizers"],
    [
      "owners without a version",
      { ownerReferences: [{ ...owner, apiVersion: "apps/" }] },
      "metadata.ownerReferences.apiVersion",
    ],
    ["owners without a uid", { ownerReferences: [{ ...owner, uid: "" }] }, "metadata.ownerReferences.uid"],
    ["events as owners", { ownerReferences: [{ ...owner, kind: "Event" }] }, "metadata.ownerReferences"],
    [
      "two controllers",
      {
        ownerReferences: [
          { ...owner, controller: true },
          { ...owner, uid: "v", controller: true },
        ],
      },
      "metadata.ownerReferences",
    ],
  ];
  it.each(cases)("refuses %s", (_, metadata, field) => {
    const test = makeApi();
    const error = refusal(() => test.create("configmaps", configMapOf("a", metadata)));
    expect(error.details?.causes?.map((cause) => cause.field)).toContain(field);
  });

  it("counts equal owner references once", () => {
    const test = makeApi();
    const created = test.create(
      "configmaps",
      configMapOf("a", { ownerReferences: [owner, { ...owner }, { ...owner, name: "m" }] }),
    );
    expect(created.metadata.ownerReferences).toHaveLength(2);
    const body = configMapOf("b", { ownerReferences: [owner, owner] });
    const { warnings } = test.api.create(infoOf("create", "configmaps", "default/"), body, {});
    expect(warnings).toEqual([expect.stringContaining("duplicate UID(s) observed: u")]);
  });
});

describe("admission", () => {
  it("lets plugins change the object before it is validated, and refuse it when it is complete", () => {
    const seen: string[] = [];
    const plugin: AdmissionPlugin = {
      name: "Test",
      mutate({ object }) {
        seen.push(`mutate ${object?.metadata.uid}`);
        if (object !== undefined) object.metadata.labels = { added: "yes" };
      },
      validate({ object, operation }) {
        seen.push(`validate ${operation} ${object?.metadata.name?.slice(0, 2)} ${object?.metadata.uid}`);
      },
    };
    const test = makeApi({ admission: [plugin] });
    const created = test.create("configmaps", configMapOf("", { generateName: "g-" }));
    expect(created.metadata.labels).toEqual({ added: "yes" });
    expect(seen).toEqual(["mutate undefined", "validate CREATE g- uid-1"]);
  });
});
