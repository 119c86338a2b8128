import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CodecError } from "../codec-error.ts";
import { kinds } from "../kinds.ts";
import { messageOf } from "../schema.testing.ts";
import { jsonOf } from "./json.testing.ts";
import { jsonToProtobuf } from "./json-to-protobuf.ts";
import { normalizeJson } from "./normalize-json.ts";
import { protobufToJson } from "./protobuf-to-json.ts";
import { kindPlan } from "./schema.ts";
import type { TypedObject } from "./typed-object.ts";

const all = Object.entries(kinds);

describe.each(all)("%s", (_name, kind) => {
  const { apiVersion, kind: kindName } = kind;
  const objects = jsonOf(kindPlan(apiVersion, kindName)).map((object) => ({ ...object, apiVersion, kind: kindName }));

  test("what went through protobuf is what normalizing makes of it", () => {
    fc.assert(
      fc.property(objects, (object) => {
        const normal = normalizeJson(object);
        expect(protobufToJson(apiVersion, kindName, jsonToProtobuf(object))).toEqual(normal);
        expect(normalizeJson(normal)).toEqual(normal);
        expect(jsonToProtobuf(normal)).toEqual(jsonToProtobuf(normalizeJson(normal)));
      }),
      { numRuns: 25 },
    );
  });

  test("its protobuf is read by our codec and by protobufjs's reflection", () => {
    fc.assert(
      fc.property(objects, (object) => {
        const raw = jsonToProtobuf(object);
        const type = messageOf(kind);
        expect(kind.decode(raw)).toEqual(type.toObject(type.decode(raw), { longs: Number }));
      }),
      { numRuns: 10 },
    );
  });
});

const pod: TypedObject & Record<string, unknown> = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", labels: { b: "2", a: "1" }, creationTimestamp: "2026-01-02T03:04:05Z", generation: 3 },
  spec: {
    containers: [
      {
        name: "c",
        resources: { limits: { memory: "1Gi" } },
        livenessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 5 },
      },
    ],
    volumes: [{ name: "v", configMap: { name: "cm", defaultMode: 420 } }],
    priority: -7,
    securityContext: { supplementalGroups: [1, 300] },
  },
  status: {
    conditions: [{ type: "Ready", status: "True", lastProbeTime: null, lastTransitionTime: "2026-01-02T03:04:06Z" }],
  },
};

describe("jsonToProtobuf", () => {
  test("writes what Go inlines into the message that protobuf nests it in", () => {
    const { metadata, spec, status } = kinds.Pod.decode(jsonToProtobuf(pod));
    expect(metadata).toEqual({
      name: "web",
      labels: { a: "1", b: "2" },
      creationTimestamp: { seconds: 1767323045, nanos: 0 },
      generation: 3,
    });
    expect(spec).toEqual({
      containers: [
        {
          name: "c",
          resources: { limits: { memory: { string: "1Gi" } } },
          livenessProbe: { handler: { httpGet: { path: "/", port: { type: 1, strVal: "http" } } }, periodSeconds: 5 },
        },
      ],
      volumes: [{ name: "v", volumeSource: { configMap: { localObjectReference: { name: "cm" }, defaultMode: 420 } } }],
      priority: -7,
      securityContext: { supplementalGroups: [1, 300] },
    });
    expect(status?.conditions?.[0]).not.toHaveProperty("lastProbeTime");
  });

  test("writes fields by their numbers and maps by their keys, as Go does", () => {
    const secret = { apiVersion: "v1", kind: "Secret", data: { b: "Yg==", a: "" }, metadata: { name: "s" } };
    expect(Buffer.from(jsonToProtobuf(secret)).toString("hex")).toBe(
      "0a030a0173" + "12050a01611200" + "12060a0162120162",
    );
  });

  test("keeps large objects whole", () => {
    const data = { text: "ü".repeat(100_000), more: "x".repeat(3_000_000) };
    const big = { apiVersion: "v1", kind: "ConfigMap", data };
    expect(kinds.ConfigMap.decode(jsonToProtobuf(big)).data).toEqual(data);
    expect(kinds.Namespace.decode(jsonToProtobuf({ apiVersion: "v1", kind: "Namespace" }))).toEqual({});
  });

  test("has no memory of what it could not write", () => {
    const wrong = { apiVersion: "v1", kind: "Pod", spec: { nodeName: 1, priority: 5 } };
    expect(() => jsonToProtobuf(wrong)).toThrow(CodecError);
    expect(jsonToProtobuf({ apiVersion: "v1", kind: "Pod" })).toHaveLength(0);
  });
});

describe("protobufToJson", () => {
  test("writes what Go always writes", () => {
    const raw = kinds.Pod.encode({
      spec: { containers: [{ name: "c" }] },
      status: { conditions: [{ type: "Ready" }], containerStatuses: [{ name: "c" }] },
    });
    expect(protobufToJson("v1", "Pod", raw)).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {},
      spec: { containers: [{ name: "c", resources: {} }] },
      status: {
        conditions: [{ type: "Ready", status: "", lastProbeTime: null, lastTransitionTime: null }],
        containerStatuses: [
          { name: "c", ready: false, restartCount: 0, image: "", imageID: "", state: {}, lastState: {} },
        ],
      },
    });
    expect(protobufToJson("v1", "Node", kinds.Node.encode({}))).toEqual({
      apiVersion: "v1",
      kind: "Node",
      metadata: {},
      spec: {},
      status: {
        daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
        nodeInfo: {
          architecture: "",
          bootID: "",
          containerRuntimeVersion: "",
          kernelVersion: "",
          kubeProxyVersion: "",
          kubeletVersion: "",
          machineID: "",
          operatingSystem: "",
          osImage: "",
          systemUUID: "",
        },
      },
    });
  });

  test("drops the zeros of Go values, keeps those of Go pointers", () => {
    const spec = { replicas: 0, minReadySeconds: 0, paused: false, revisionHistoryLimit: 0 };
    const { spec: json } = protobufToJson("apps/v1", "Deployment", kinds.Deployment.encode({ spec }));
    expect(json).toEqual({
      replicas: 0,
      revisionHistoryLimit: 0,
      selector: null,
      strategy: {},
      template: { metadata: {}, spec: { containers: null } },
    });
  });

  test("gives claims of a StatefulSet the kind that only JSON shows", () => {
    const raw = kinds.StatefulSet.encode({ spec: { volumeClaimTemplates: [{ metadata: { name: "d" } }] } });
    const { spec } = protobufToJson("apps/v1", "StatefulSet", raw);
    expect(spec).toMatchObject({
      volumeClaimTemplates: [{ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "d" } }],
    });
  });

  test("reads raw JSON, maps of lists, bytes and times of a lease", () => {
    const time = { seconds: 1767323045, nanos: 123456789 };
    const metadata = {
      managedFields: [{ manager: "m", time: { seconds: 1767323045 }, fieldsV1: { Raw: Buffer.from('{"f:spec":{}}') } }],
    };
    expect(
      protobufToJson("coordination.k8s.io/v1", "Lease", kinds.Lease.encode({ metadata, spec: { renewTime: time } })),
    ).toEqual({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { managedFields: [{ manager: "m", time: "2026-01-02T03:04:05Z", fieldsV1: { "f:spec": {} } }] },
      spec: { renewTime: "2026-01-02T03:04:05.123456Z" },
    });
    const csr = { request: Buffer.from("csr"), extra: { scopes: { items: ["a", "b"] }, none: {} } };
    const { spec } = protobufToJson(
      "certificates.k8s.io/v1",
      "CertificateSigningRequest",
      kinds.CertificateSigningRequest.encode({ spec: csr }),
    );
    expect(spec).toEqual({ request: "Y3Ny", signerName: "", extra: { scopes: ["a", "b"], none: null } });
  });

  test("knows 1970 from the zero time", () => {
    const { metadata } = protobufToJson("v1", "Pod", Buffer.from("0a06420408001000", "hex"));
    expect(metadata).toEqual({ creationTimestamp: "1970-01-01T00:00:00Z" });
    expect(protobufToJson("v1", "Pod", Buffer.from("0a024200", "hex"))["metadata"]).toEqual({});
  });

  test("reads packed numbers, and merges a message that occurs twice", () => {
    const packed = protobufToJson("v1", "Pod", Buffer.from("1206720422020102", "hex"));
    expect(packed["spec"]).toMatchObject({ securityContext: { supplementalGroups: [1, 2] } });
    const first = kinds.Pod.encode({ metadata: { name: "a", uid: "1" } });
    const second = kinds.Pod.encode({ metadata: { name: "b" } });
    const { metadata } = protobufToJson("v1", "Pod", Buffer.concat([first, second]));
    expect(metadata).toEqual({ name: "b", uid: "1" });
  });

  test("throws on bytes that are no such object, never anything but CodecError", () => {
    for (const text of ['{"kind":"Pod"}', "\u0000"]) {
      expect(() => protobufToJson("v1", "Pod", Buffer.from(text))).toThrow(CodecError);
    }
    expect(() => protobufToJson("v1", "Widget", Buffer.alloc(0))).toThrow(
      expect.objectContaining({ code: "unknown-kind" }),
    );
    const raw = jsonToProtobuf(pod);
    fc.assert(
      fc.property(fc.nat(raw.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Uint8Array.from(raw).fill(byte, at, at + 1);
        try {
          protobufToJson("v1", "Pod", damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
