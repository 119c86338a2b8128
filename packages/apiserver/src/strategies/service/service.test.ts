import type { json } from "@hollowfleet/wire";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../object.ts";
import { created, createFaults, object, testContext, updateFaults } from "../testing/objects.ts";
import { as } from "../views.ts";
import { serviceStrategy } from "./service.ts";
import { createServiceAllocator } from "./service-allocator.ts";

function service(spec: object, name = "x"): KubeObject {
  return object("v1", "Service", { metadata: { name }, spec });
}

/** A cluster with some Services, which takes those that are made. */
function cluster(clusterIpRange = "10.0.0.0/29") {
  const services: KubeObject[] = [];
  const allocator = createServiceAllocator({ services: () => services, clusterIpRange, nodePortRange: [30000, 30002] });
  return {
    services,
    make(spec: object): json.ServiceSpec {
      const made = created(serviceStrategy, service(spec, `s${services.length}`), testContext(allocator));
      services.push(made);
      return as<json.Service>(made).spec ?? {};
    },
    change(index: number, edit: (spec: json.ServiceSpec) => void): json.ServiceSpec {
      const old = services[index] as KubeObject;
      const made = structuredClone(old);
      edit(as<json.Service>(made).spec ?? {});
      serviceStrategy.defaults?.(made);
      serviceStrategy.prepareForUpdate?.(made, old, testContext(allocator));
      return as<json.Service>(made).spec ?? {};
    },
  };
}

const ports = [{ port: 80 }];

describe("a Service", () => {
  it("is filled in and gets an address", () => {
    expect(cluster().make({ ports })).toEqual({
      type: "ClusterIP",
      sessionAffinity: "None",
      internalTrafficPolicy: "Cluster",
      ipFamilyPolicy: "SingleStack",
      ipFamilies: ["IPv4"],
      clusterIP: "10.0.0.2",
      clusterIPs: ["10.0.0.2"],
      ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
    });
  });

  it("gets an address of its own until there are none", () => {
    const made = cluster();
    const addresses = Array.from({ length: 5 }, () => made.make({ ports }).clusterIP);
    expect(new Set(addresses).size).toBe(5);
    expect(() => made.make({ ports })).toThrow("range is full");
  });

  it("gets the address that it asks for, if it is free and in range", () => {
    const made = cluster();
    expect(made.make({ ports, clusterIP: "10.0.0.5" })).toMatchObject({ clusterIPs: ["10.0.0.5"] });
    expect(() => made.make({ ports, clusterIP: "10.0.0.5" })).toThrow("provided IP is already allocated");
    expect(() => made.make({ ports, clusterIP: "10.1.0.5" })).toThrow("not in the valid range");
  });

  it("gets none if it is headless or an alias", () => {
    const made = cluster();
    expect(made.make({ clusterIP: "None" })).toMatchObject({
      clusterIPs: ["None"],
      ipFamilyPolicy: "RequireDualStack",
    });
    expect(made.make({ type: "ExternalName", externalName: "a.b" })).toEqual({
      type: "ExternalName",
      externalName: "a.b",
      sessionAffinity: "None",
    });
  });

  it("gets node ports, the same for one port of two protocols", () => {
    const made = cluster();
    const spec = made.make({
      type: "NodePort",
      ports: [
        { name: "a", port: 53 },
        { name: "b", port: 53, protocol: "UDP" },
      ],
    });
    expect(spec.ports?.map(({ nodePort }) => nodePort)).toEqual([30000, 30000]);
    expect(made.make({ type: "NodePort", ports })).toMatchObject({ ports: [{ nodePort: 30001 }] });
    expect(() => made.make({ type: "NodePort", ports: [{ port: 1, nodePort: 30001 }] })).toThrow("already allocated");
    expect(() => made.make({ type: "NodePort", ports: [{ port: 1, nodePort: 80 }] })).toThrow(
      "The range of valid ports is 30000-30002",
    );
  });

  it("keeps what it has when a client sends what it once wrote", () => {
    const made = cluster();
    made.make({ type: "NodePort", ports });
    const spec = made.change(0, (now) => {
      delete now.clusterIP;
      delete now.clusterIPs;
      for (const port of now.ports ?? []) delete port.nodePort;
    });
    expect(spec).toMatchObject({ clusterIP: "10.0.0.2", clusterIPs: ["10.0.0.2"], ports: [{ nodePort: 30000 }] });
  });

  it("gives up what its new type has no use for", () => {
    const made = cluster();
    made.make({ type: "NodePort", ports });
    const spec = made.change(0, (now) => {
      now.type = "ClusterIP";
    });
    expect(spec.ports).toEqual([{ port: 80, protocol: "TCP", targetPort: 80 }]);
    expect(spec).not.toHaveProperty("externalTrafficPolicy");
  });

  it("never changes its address", () => {
    const made = cluster();
    made.make({ ports });
    const [old] = made.services as [KubeObject];
    const faults = updateFaults(serviceStrategy, old, (object) => {
      Object.assign(as<json.Service>(object).spec ?? {}, { clusterIP: "10.0.0.5", clusterIPs: ["10.0.0.5"] });
    });
    expect(faults).toEqual(['spec.clusterIPs[0]: Invalid value: ["10.0.0.5"]: may not change once set']);
  });

  it.each<[string, object, string]>([
    ["without ports", {}, "spec.ports: Required value"],
    ["port names", { ports: [{ port: 1 }, { port: 2, name: "b" }] }, "spec.ports[0].name: Required value"],
    ["a port of nothing", { ports: [{ port: 0 }] }, "spec.ports[0].port: Invalid value: 0"],
    ["a type", { type: "X", ports }, 'spec.type: Unsupported value: "X"'],
    ["nodePort", { ports: [{ port: 1, nodePort: 30000 }] }, "spec.ports[0].nodePort: Forbidden"],
  ])("is refused for %s", (_title, spec, fault) => {
    expect(createFaults(serviceStrategy, service(spec)).join("\n")).toContain(fault);
  });
});
