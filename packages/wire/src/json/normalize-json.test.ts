import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CodecError } from "../codec-error.ts";
import { jsonToProtobuf } from "./json-to-protobuf.ts";
import { normalizeJson } from "./normalize-json.ts";
import { typeSchema } from "./schema.ts";

const pod = (more: object) => ({ apiVersion: "v1", kind: "Pod", ...more });

function membersOf(type: string): readonly string[] {
  return [...(typeSchema(type)?.fields.keys() ?? [])].filter((name) => name !== "apiVersion" && name !== "kind");
}

describe("normalizeJson", () => {
  test("drops what nobody knows, what is null and what is zero, and adds what is always there", () => {
    const given = pod({
      extra: 1,
      metadata: { name: "a", labels: {}, finalizers: [], generation: 0, deletionGracePeriodSeconds: 0, owner: "me" },
      spec: {
        containers: [{ name: "c", image: "", stdin: false, ports: null, livenessProbe: { exec: {} } }],
        nodeName: "",
        hostNetwork: false,
        hostUsers: false,
        volumes: [{ name: "v", emptyDir: {} }, null],
      },
    });
    expect(normalizeJson(given)).toEqual({
      kind: "Pod",
      apiVersion: "v1",
      metadata: { name: "a", deletionGracePeriodSeconds: 0 },
      spec: {
        containers: [{ name: "c", livenessProbe: { exec: {} }, resources: {} }],
        hostUsers: false,
        volumes: [{ name: "v", emptyDir: {} }, { name: "" }],
      },
      status: {},
    });
  });

  test("gives quantities and times their one form", () => {
    const container = { name: "c", resources: { limits: { cpu: 1.5, memory: "1024Mi", "a.b/c": null } } };
    const spec = { containers: [container] };
    const status = { startTime: "2026-01-02T03:04:05.999+02:00" };
    const normal = normalizeJson(pod({ spec, status })) as unknown as typeof spec & {
      spec: typeof spec;
      status: object;
    };
    expect(normal.spec.containers[0]?.resources.limits).toEqual({ cpu: "1500m", memory: "1Gi", "a.b/c": "0" });
    expect(normal.status).toEqual({ startTime: "2026-01-02T01:04:05Z" });
  });

  test("leaves its argument alone and shares nothing with it", () => {
    const data = { a: { "f:b": {} } };
    const given = { apiVersion: "apps/v1", kind: "ControllerRevision", metadata: { name: "r" }, data, revision: 1 };
    const before = structuredClone(given);
    const normal = normalizeJson(given) as unknown as typeof given;
    normal.data.a["f:b"] = { changed: true };
    normal.metadata.name = "other";
    expect(given).toEqual(before);
  });

  test("keeps keys of maps that are names of our language", () => {
    const data = JSON.parse('{"__proto__":"x","constructor":"y"}') as object;
    const normal = normalizeJson({ apiVersion: "v1", kind: "ConfigMap", data } as never);
    expect(Object.entries(normal["data"] as object)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
  });

  test.each<[object, string]>([
    [
      { metadata: { name: 1 } },
      "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string",
    ],
    [{ spec: "x" }, "json: cannot unmarshal string into Go struct field Pod.spec of type v1.PodSpec"],
    [
      { spec: { containers: [1] } },
      "json: cannot unmarshal number into Go struct field PodSpec.spec.containers of type v1.Container",
    ],
    [
      { spec: { containers: [{ ports: [{ containerPort: "80" }] }] } },
      "json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
    ],
    [
      { spec: { priority: 1.5 } },
      "json: cannot unmarshal number 1.5 into Go struct field PodSpec.spec.priority of type int32",
    ],
    [
      { spec: { restartPolicy: 1 } },
      "json: cannot unmarshal number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy",
    ],
    [
      { status: { startTime: "soon" } },
      'parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse "soon" as "2006"',
    ],
    [
      { spec: { overhead: { cpu: "x" } } },
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
  ])("refuses %j in Go's words, as writing protobuf does", (more, message) => {
    expect(() => normalizeJson(pod(more))).toThrow(message);
    expect(() => jsonToProtobuf(pod(more))).toThrow(message);
  });

  test("takes any JSON at any place, or refuses it with a CodecError, and so does writing protobuf", () => {
    const names = ["metadata", "spec", "status", ...["Pod", "PodSpec", "ObjectMeta", "PodStatus"].flatMap(membersOf)];
    const anything = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue({ maxDepth: 1 }),
        tie("object"),
        fc.array(tie("object"), { maxLength: 2 }),
      ),
      object: fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 4, noNullPrototype: true }),
    })).object;
    const outcome = (convert: () => unknown): unknown => {
      try {
        convert();
        return "taken";
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        return error.code;
      }
    };
    fc.assert(
      fc.property(anything, (object) => {
        const given = pod(object as object);
        expect(outcome(() => jsonToProtobuf(given))).toBe(outcome(() => normalizeJson(given)));
      }),
      { numRuns: 200 },
    );
  });

  test("bears nesting that no stack bears", () => {
    let data: unknown = {};
    for (let depth = 0; depth < 100_000; depth++) data = { data };
    const revision = { apiVersion: "apps/v1", kind: "ControllerRevision", data };
    expect(() => normalizeJson(revision)).toThrow(expect.objectContaining({ code: "malformed" }));
  });
});
