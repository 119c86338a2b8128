import { normalizeJson, schemaFor } from "@hollowfleet/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KubeObject } from "../object.ts";
import { applyPatch } from "./apply-patch.ts";
import type { PatchType } from "./patch.ts";

const schema = schemaFor("apps/v1", "Deployment");
if (schema === undefined) throw new Error("no schema of Deployment");

const deployment = normalizeJson({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default", uid: "1", labels: { app: "web" } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "web:1", ports: [{ containerPort: 80 }] }] },
    },
  },
} as KubeObject) as KubeObject;

const bytes = (patch: unknown) => new TextEncoder().encode(typeof patch === "string" ? patch : JSON.stringify(patch));

interface Answer {
  object?: KubeObject;
  error?: { code: string; httpCode: number; message: string };
  warnings: string[];
}

function answer(type: PatchType, patch: unknown, fieldValidation?: "Ignore" | "Warn" | "Strict"): Answer {
  const warnings: string[] = [];
  const options = { ...(fieldValidation && { fieldValidation }), warn: (text: string) => void warnings.push(text) };
  try {
    return {
      object: applyPatch(type, deployment, bytes(patch), schema as NonNullable<typeof schema>, options),
      warnings,
    };
  } catch (error) {
    return { error: error as NonNullable<Answer["error"]>, warnings };
  }
}

describe("applyPatch", () => {
  const scaled = { ...deployment, spec: { ...(deployment["spec"] as object), replicas: 5 } };

  test.each([
    ["strategic", { spec: { replicas: 5 } }],
    ["merge", { spec: { replicas: 5 } }],
    ["json", [{ op: "replace", path: "/spec/replicas", value: 5 }]],
    ["strategic", { kind: "Pod", apiVersion: "v1", spec: { replicas: 5 } }],
  ] as const)("changes what a %s patch says", (type, patch) => {
    expect(answer(type, patch).object).toEqual(scaled);
  });

  test.each([
    ["strategic", {}],
    ["strategic", "null"],
    ["merge", {}],
    ["json", []],
    ["json", "null"],
  ] as const)("an empty %s patch makes an equal object of its own", (type, patch) => {
    const { object } = answer(type, patch);
    expect(object).toEqual(deployment);
    expect(object?.metadata).not.toBe(deployment.metadata);
    expect(object?.metadata.labels).not.toBe(deployment.metadata.labels);
  });

  test("leaves out what is empty, as the server stores it", () => {
    const { object } = answer("merge", { metadata: { labels: {}, finalizers: [] }, spec: { minReadySeconds: 0 } });
    expect(object?.metadata.labels).toEqual({ app: "web" });
    expect(object?.metadata).not.toHaveProperty("finalizers");
    expect(object?.["spec"]).not.toHaveProperty("minReadySeconds");
  });

  test("has metadata even if the patch takes it away", () => {
    for (const type of ["strategic", "merge"] as const) {
      expect(answer(type, { metadata: null }).object?.metadata.name).toBeUndefined();
    }
  });
});

describe("what cannot be read is a bad request", () => {
  test.each([
    ["strategic", "{", "unexpected end of JSON input"],
    ["strategic", "[]", "json: cannot unmarshal array into Go value of type map[string]interface {}"],
    ["merge", "{]", "error decoding patch: invalid character ']' looking for beginning of object key string"],
    ["merge", "5", "error decoding patch: json: cannot unmarshal number into Go value of type map[string]interface {}"],
    ["merge", "null", "Invalid JSON Patch"],
    ["json", "{}", "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"],
    ["json", "[true]", "error decoding patch: json: cannot unmarshal bool into Go value of type handlers.jsonPatchOp"],
    [
      "json",
      '[{"op":1}]',
      "error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string",
    ],
    ["strategic", { metadata: { $setElementOrder: [] } }, "invalid patch format of setElementOrder list"],
  ] as const)("%s %j", (type, patch, message) => {
    expect(answer(type, patch).error).toMatchObject({ code: "BadRequest", httpCode: 400, message });
  });
});

describe("what does not apply is invalid", () => {
  const generic = "the server rejected our request due to an error in our request";

  test.each([
    ["json", [{ op: "test", path: "/spec/replicas", value: 3 }], generic],
    ["json", [{ op: "remove", path: "/spec/nothing" }], generic],
    ["json", [null], generic],
    [
      "strategic",
      { spec: { template: { spec: { containers: [{ image: "x" }] } } } },
      "map: map[image:x] does not contain",
    ],
    [
      "strategic",
      { spec: { replicas: "x" } },
      ' "" is invalid: patch: Invalid value: "map[spec:map[replicas:x]]": unrecognized type: int32',
    ],
    ["strategic", { spec: { template: "x" } }, "cannot restore struct from: string"],
    ["strategic", { spec: { template: { spec: { containers: {} } } } }, "cannot restore slice from map"],
    ["strategic", { metadata: { labels: { a: 1 } } }, "cannot convert int64 to string"],
    [
      "merge",
      { spec: { replicas: "x" } },
      "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
    ],
    ["merge", { kind: "Pod" }, 'no kind "Pod" is registered for version "apps/v1"'],
    ["merge", { kind: "ReplicaSet" }, "converting (v1.ReplicaSet) to (apps.Deployment): unknown conversion"],
    ["json", [{ op: "replace", path: "", value: [] }], "couldn't get version/kind"],
  ] as const)("%s %j", (type, patch, message) => {
    const { error } = answer(type, patch);
    expect(error).toMatchObject({ code: "Invalid", httpCode: 422 });
    expect(error?.message).toContain(message);
  });

  test("tells the cause of a bad value", () => {
    expect(answer("merge", { spec: { replicas: "x" } }).error).toMatchObject({
      details: { causes: [{ reason: "FieldValueInvalid", field: "patch" }] },
    });
  });
});

test("refuses more than 10,000 operations", () => {
  const operations = Array.from({ length: 10_001 }, () => ({ op: "test", path: "/kind", value: "Deployment" }));
  expect(answer("json", operations.slice(1)).object).toEqual(deployment);
  expect(answer("json", operations).error).toMatchObject({
    code: "RequestEntityTooLarge",
    httpCode: 413,
    message: "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001",
  });
});

test("refuses server-side apply by its media type", () => {
  expect(answer("apply", {}).error).toMatchObject({ code: "UnsupportedMediaType", httpCode: 415 });
});

describe("field validation", () => {
  const cases = [
    [
      "strategic",
      '{"spec":{"foo":1,"replicas":2,"replicas":3}}',
      ['duplicate field "spec.replicas"', 'unknown field "spec.foo"'],
    ],
    [
      "merge",
      '{"spec":{"foo":1,"replicas":2,"replicas":3}}',
      ['duplicate field "spec.replicas"', 'unknown field "spec.foo"'],
    ],
    [
      "json",
      '[{"op":"add","path":"/spec/foo","value":1,"x":1,"op":"add"}]',
      ['json patch duplicate field "[0].op"', 'json patch unknown field "[0].x"', 'unknown field "spec.foo"'],
    ],
  ] as const;

  test.each(cases)("Warn tells of the faults of a %s patch and drops them", (type, patch, faults) => {
    const { object, warnings } = answer(type, patch);
    expect(warnings).toEqual(faults);
    expect(object?.["spec"]).not.toHaveProperty("foo");
  });

  test.each(cases)("Strict refuses the faults of a %s patch", (type, patch, faults) => {
    const { error } = answer(type, patch, "Strict");
    expect(error).toMatchObject({ code: "Invalid", httpCode: 422 });
    expect(error?.message).toContain(`strict decoding error: ${faults.join(", ")}`);
  });

  test.each(cases)("Ignore takes a %s patch silently", (type, patch) => {
    expect(answer(type, patch, "Ignore")).toMatchObject({
      object: deployment.kind === "" ? {} : expect.anything(),
      warnings: [],
    });
  });
});

test("whatever a patch is, it ends in an object or in a 4xx, and current stays", () => {
  const before = structuredClone(deployment);
  const names = fc.constantFrom(
    "metadata",
    "spec",
    "labels",
    "template",
    "containers",
    "name",
    "$patch",
    "$retainKeys",
    "$setElementOrder/containers",
    "$deleteFromPrimitiveList/finalizers",
    "finalizers",
    "kind",
    "__proto__",
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      fc.constantFrom(null, 1, "a", "delete", "replace", true),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(names, tie("tree"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.constantFrom("strategic", "merge", "json"), tree, (type, patch) => {
      const { error } = answer(type as PatchType, patch);
      if (error !== undefined) expect(error.httpCode).toBeOneOf([400, 413, 422]);
      expect(deployment).toEqual(before);
    }),
    { numRuns: 500 },
  );
});
