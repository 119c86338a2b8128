import { describe, expect, test } from "vitest";
import { kinds } from "../kinds.ts";
import { schemaFor, type TypeSchema, typeSchema } from "./schema.ts";

function fieldOf(type: TypeSchema | undefined, path: string) {
  let current = type;
  const names = path.split(".");
  for (const name of names.slice(0, -1)) current = typeSchema(current?.fields.get(name)?.ref ?? "");
  return current?.fields.get(names.at(-1) ?? "");
}

describe("schemaFor", () => {
  test.each(Object.entries(kinds))(
    "%s has a schema with apiVersion, kind and metadata",
    (name, { apiVersion, kind }) => {
      const type = schemaFor(apiVersion, kind);
      expect(type?.name).toBe(name);
      expect(type?.fields.get("kind")?.type).toBe("string");
    },
  );

  test("knows the kinds that every group version has, and no others", () => {
    expect(schemaFor("apps/v1", "DeleteOptions")).toBe(schemaFor("v1", "DeleteOptions"));
    expect(schemaFor("apps/v1", "Pod")).toBeUndefined();
    expect(typeSchema("constructor")).toBeUndefined();
  });

  test("gives merge keys and strategies, list types and their keys", () => {
    const type = schemaFor("v1", "Pod");
    expect(fieldOf(type, "spec.containers")).toMatchObject({ list: true, ref: "Container", patchMergeKey: "name" });
    expect(fieldOf(type, "spec.volumes")).toMatchObject({
      patchMergeKey: "name",
      patchStrategy: ["merge", "retainKeys"],
    });
    expect(fieldOf(type, "spec.containers.ports")).toMatchObject({
      patchMergeKey: "containerPort",
      patchStrategy: ["merge"],
      listType: "map",
      listMapKeys: ["containerPort", "protocol"],
    });
    expect(fieldOf(type, "metadata.finalizers")).toMatchObject({
      type: "string",
      list: true,
      patchStrategy: ["merge"],
      listType: "set",
    });
    expect(fieldOf(type, "spec.tolerations")).not.toHaveProperty("patchMergeKey");
    expect(fieldOf(schemaFor("apps/v1", "Deployment"), "spec.strategy")).toMatchObject({
      patchStrategy: ["retainKeys"],
    });
  });

  test("gives types, shapes, what is required and what is always written", () => {
    const type = schemaFor("v1", "Pod");
    expect(fieldOf(type, "spec.containers")).toMatchObject({ required: true, always: true });
    expect(fieldOf(type, "spec.nodeName")).not.toHaveProperty("always");
    expect(fieldOf(type, "status.conditions.lastProbeTime")).toMatchObject({ type: "time", always: true });
    expect(fieldOf(type, "status.startTime")).not.toHaveProperty("always");
    expect(fieldOf(type, "metadata.labels")).toMatchObject({ type: "string", map: true });
    expect(fieldOf(type, "spec.containers.resources.limits")).toMatchObject({ type: "quantity", map: true });
    expect(fieldOf(type, "spec.containers.livenessProbe.httpGet.port")?.type).toBe("intOrString");
    expect(fieldOf(schemaFor("v1", "Secret"), "data")).toMatchObject({ type: "bytes", map: true });
    expect(fieldOf(schemaFor("coordination.k8s.io/v1", "Lease"), "spec.renewTime")?.type).toBe("microtime");
    expect(fieldOf(schemaFor("apps/v1", "ControllerRevision"), "data")?.type).toBe("any");
    expect(fieldOf(schemaFor("certificates.k8s.io/v1", "CertificateSigningRequest"), "spec.extra")).toMatchObject({
      type: "string",
      list: true,
      map: true,
    });
  });

  test("shows what Go inlines where JSON has it", () => {
    expect(fieldOf(schemaFor("v1", "Pod"), "spec.volumes.configMap.name")?.type).toBe("string");
    expect(fieldOf(schemaFor("v1", "Pod"), "spec.volumes.iscsi.lun")?.type).toBe("int");
    expect(fieldOf(schemaFor("v1", "PersistentVolume"), "spec.csi.driver")?.type).toBe("string");
  });
});
