import { describe, expect, it } from "vitest";
import { planOf } from "./plan-of.ts";
import { plainSpec } from "./testing/pod-node.ts";

const q = (string: string) => ({ string });

describe("planOf", () => {
  it("finds tokens and every object a pod refers to, each once", () => {
    const ref = (name: string) => ({ localObjectReference: { name } });
    const plan = planOf({
      metadata: { name: "p", namespace: "n", uid: "u" },
      spec: {
        ...plainSpec,
        imagePullSecrets: [{ name: "pull" }],
        volumes: [
          ...(plainSpec.volumes ?? []),
          { name: "s", volumeSource: { secret: { secretName: "vol" } } },
          { name: "c", volumeSource: { configMap: ref("cfg") } },
        ],
        initContainers: [{ name: "i", envFrom: [{ configMapRef: ref("cfg") }, { secretRef: ref("env") }] }],
        containers: [{ name: "c", env: [{ name: "A", valueFrom: { secretKeyRef: { ...ref("key"), key: "k" } } }] }],
      },
    });
    expect(plan.tokens).toEqual([{ audience: undefined, expirationSeconds: 3607 }]);
    expect(plan.objects.map(({ plural, name }) => `${plural}/${name}`)).toEqual([
      "secrets/pull",
      "configmaps/kube-root-ca.crt",
      "secrets/vol",
      "configmaps/cfg",
      "secrets/env",
      "secrets/key",
    ]);
  });

  it("counts requests as the scheduler does", () => {
    const plan = planOf({
      spec: {
        initContainers: [
          { name: "s", restartPolicy: "Always", resources: { requests: { cpu: q("100m") } } },
          { name: "i", resources: { requests: { cpu: q("1"), memory: q("10Mi") } } },
        ],
        containers: [
          { name: "a", resources: { requests: { cpu: q("250m"), memory: q("1Gi") } } },
          { name: "b", resources: { requests: { cpu: q("250m"), "example.com/gpu": q("1") } } },
        ],
        overhead: { cpu: q("10m") },
      },
    });
    expect(plan.requests).toEqual({ cpu: 1110, memory: 2 ** 30, "example.com/gpu": 1 });
    expect(plan.containers.map(({ role }) => role)).toEqual(["sidecar", "init", "app", "app"]);
  });

  it("lets only those containers end that are to end", () => {
    const containers = [{ name: "c" }];
    const runTimes = (restartPolicy: string) =>
      planOf({ spec: { restartPolicy, containers, initContainers: [{ name: "i" }] } }).containers.map(
        ({ behaviour }) => behaviour.runTimeMs,
      );
    expect(runTimes("Always")).toEqual([1000, undefined]);
    expect(runTimes("Never")).toEqual([1000, 3000]);
    expect(runTimes("OnFailure")).toEqual([1000, 3000]);
  });
});
