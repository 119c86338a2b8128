import { beforeEach, describe, expect, it } from "vitest";
import { emptyStore, put } from "../auth/testing/cluster.ts";
import type { MemoryStore } from "../store/memory-store.ts";
import type { Limit } from "./limit-checks.ts";
import { admit, object, refusalOf, type Write } from "./testing/admit.ts";

let store: MemoryStore;

beforeEach(() => {
  store = emptyStore();
  put(store, "namespaces", { name: "ns" }, { status: { phase: "Active" } });
  put(store, "serviceaccounts", { namespace: "ns", name: "default" });
});

function limit(...limits: Limit[]): void {
  put(store, "limitranges", { namespace: "ns", name: "range" }, { spec: { limits } });
}

function podWrite(spec: object): Write {
  return { namespace: "ns", what: "create pods", object: object({ name: "p" }, { spec }) };
}

/** What is refused about a pod of these resources, without the beginning that every refusal has. */
function refusal(...resources: object[]): string {
  const containers = resources.map((each, index) => ({ name: `c${index}`, resources: each }));
  return refusalOf(store, podWrite({ containers })).replace('403 pods "p" is forbidden: ', "");
}

describe("LimitRanger", () => {
  it("gives containers what they do not say, and notes it", () => {
    limit({ type: "Container", default: { cpu: "1", memory: "1Gi" }, defaultRequest: { cpu: "100m" } });
    const containers = [{ name: "a" }, { name: "b", resources: { limits: { cpu: "2", memory: "2Gi" } } }];
    const pod = admit(store, podWrite({ containers, initContainers: [{ name: "i" }] }));
    const all = { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "100m" } };
    expect(pod["spec"]).toMatchObject({
      containers: [
        { resources: all },
        { resources: { limits: { cpu: "2", memory: "2Gi" }, requests: { cpu: "100m" } } },
      ],
      initContainers: [{ resources: all }],
    });
    expect(pod.metadata.annotations).toEqual({
      "kubernetes.io/limit-ranger":
        "LimitRanger plugin set: cpu request for container a; cpu, memory limit for container a; cpu request for container b; cpu request for init container i; cpu, memory limit for init container i",
    });
  });

  it("leaves pods alone where there is nothing to say, and whenever they are changed", () => {
    const pod = admit(store, podWrite({ containers: [{ name: "a" }] }));
    expect(pod.metadata).not.toHaveProperty("annotations");
    limit({ type: "Container", max: { cpu: "1" } });
    const old = object({ name: "p" }, { spec: { containers: [{ name: "a" }] } });
    expect(refusalOf(store, { namespace: "ns", what: "update pods", name: "p", object: old, old })).toBe("admitted");
  });

  it("refuses containers outside of the limits", () => {
    limit({ type: "Container", min: { cpu: "100m" }, max: { cpu: "1" }, maxLimitRequestRatio: { cpu: "4" } });
    expect(refusal({ requests: { cpu: "0.5" }, limits: { cpu: "1000m" } })).toBe("admitted");
    expect(refusal({ requests: { cpu: "500m" }, limits: { cpu: "2" } })).toBe(
      "maximum cpu usage per Container is 1, but limit is 2",
    );
    expect(refusal({ requests: { cpu: "50m" }, limits: { cpu: "100m" } })).toBe(
      "minimum cpu usage per Container is 100m, but request is 50m",
    );
    expect(refusal({ requests: { cpu: "100m" }, limits: { cpu: "900m" } })).toBe(
      "cpu max limit to request ratio per Container is 4, but provided ratio is 9.000000",
    );
    expect(refusal({ requests: { cpu: "200m" } })).toBe(
      "[maximum cpu usage per Container is 1.  No limit is specified, cpu max limit to request ratio per Container is 4, but no limit is specified or limit is 0]",
    );
    expect(refusal({})).toMatch(/minimum cpu usage per Container is 100m\. {2}No request is specified/);
  });

  it("refuses pods whose containers are too much together", () => {
    limit({ type: "Pod", max: { memory: "1Gi" } });
    const half = { limits: { memory: "512Mi" }, requests: { memory: "1Mi" } };
    expect(refusal(half, half)).toBe("admitted");
    expect(refusal(half, half, { limits: { memory: "512Mi" } })).toBe(
      "maximum memory usage per Pod is 1Gi, but limit is 1536Mi",
    );
    const starting = [{ name: "i", resources: { limits: { memory: "2Gi" } } }];
    const spec = { containers: [{ name: "c", resources: half }], initContainers: starting };
    expect(refusalOf(store, podWrite(spec))).toMatch(/maximum memory usage per Pod is 1Gi, but limit is 2Gi$/);
    const beside = [{ name: "i", restartPolicy: "Always", resources: { limits: { memory: "768Mi" } } }];
    expect(refusalOf(store, podWrite({ ...spec, initContainers: beside }))).toMatch(/but limit is 1280Mi$/);
    const capped = { ...spec, initContainers: starting, resources: { limits: { memory: "1Gi" } } };
    expect(refusalOf(store, podWrite(capped))).toBe("admitted");
  });

  it("refuses claims that are too large or too small", () => {
    limit({ type: "PersistentVolumeClaim", min: { storage: "1Gi" }, max: { storage: "10Gi" } });
    const of = (storage: string): string => {
      const claim = object({ name: "c" }, { spec: { resources: { requests: { storage } } } });
      return refusalOf(store, { namespace: "ns", what: "create persistentvolumeclaims", object: claim });
    };
    expect(of("5Gi")).toBe("admitted");
    expect(of("20Gi")).toMatch(/maximum storage usage per PersistentVolumeClaim is 10Gi, but request is 20Gi$/);
    expect(of("1Mi")).toMatch(/minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi$/);
  });
});
