import type { json } from "@hollowfleet/wire";
import { describe, expect, it } from "vitest";
import { created, createFaults, statusFaults, updated, updateFaults, workload } from "../testing/objects.ts";
import { as } from "../views.ts";
import { daemonSetStrategy } from "./daemon-set.ts";
import { deploymentStrategy } from "./deployment.ts";
import { replicaSetStrategy } from "./replica-set.ts";
import { statefulSetStrategy } from "./stateful-set.ts";

const deployment = created(deploymentStrategy, workload("apps/v1", "Deployment"));

describe("Deployment", () => {
  it("is filled in, its template, too", () => {
    expect(deployment["spec"]).toMatchObject({
      replicas: 1,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      template: { spec: { restartPolicy: "Always", containers: [{ imagePullPolicy: "IfNotPresent" }] } },
    });
    expect(deployment).toMatchObject({ metadata: { generation: 1 }, status: {} });
  });

  it("counts changes of spec and annotations, not of labels", () => {
    const generation = (change: (object: object) => void) =>
      updated(deploymentStrategy, deployment, change).metadata.generation;
    expect(generation((object) => Object.assign((object as json.Deployment).spec ?? {}, { replicas: 3 }))).toBe(2);
    expect(
      generation((object) => Object.assign((object as json.Deployment).metadata ?? {}, { annotations: { a: "b" } })),
    ).toBe(2);
    expect(
      generation((object) => Object.assign((object as json.Deployment).metadata ?? {}, { labels: { a: "b" } })),
    ).toBe(1);
  });

  it("selects what its template makes", () => {
    const body = workload("apps/v1", "Deployment", { selector: { matchLabels: { app: "b" } } });
    expect(createFaults(deploymentStrategy, body)).toEqual([
      'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ]);
  });

  it("needs a selector", () => {
    expect(createFaults(deploymentStrategy, workload("apps/v1", "Deployment", { selector: undefined }))).toEqual([
      "spec.selector: Required value",
      'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ]);
  });

  it("never changes its selector", () => {
    const faults = updateFaults(deploymentStrategy, deployment, (object) => {
      const spec = as<json.Deployment>(object).spec ?? ({} as json.DeploymentSpec);
      spec.selector = { matchExpressions: [{ key: "app", operator: "Exists" }] };
    });
    expect(faults).toEqual([
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Exists"}]}: field is immutable',
    ]);
  });

  it("moves on while it rolls out", () => {
    const rollingUpdate = { maxSurge: 0, maxUnavailable: "0%" };
    const body = workload("apps/v1", "Deployment", { strategy: { rollingUpdate } });
    expect(createFaults(deploymentStrategy, body)).toEqual([
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0',
    ]);
  });

  it("counts no more ready pods than pods", () => {
    expect(statusFaults(deploymentStrategy, deployment, { replicas: 1, readyReplicas: 2 })).toEqual([
      "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
    ]);
  });
});

describe("ReplicaSet", () => {
  it("starts with a status of no replicas, by which it is selected", () => {
    const made = created(replicaSetStrategy, workload("apps/v1", "ReplicaSet"));
    expect(made["status"]).toEqual({ replicas: 0 });
    expect(replicaSetStrategy.selectableFields?.(made)).toEqual({ "status.replicas": "0" });
  });

  it("runs for ever", () => {
    const template = {
      metadata: { labels: { app: "a" } },
      spec: { restartPolicy: "Never", containers: [{ name: "c", image: "a" }] },
    };
    expect(createFaults(replicaSetStrategy, workload("apps/v1", "ReplicaSet", { template }))).toEqual([
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ]);
  });
});

describe("StatefulSet", () => {
  it("changes only what it may", () => {
    const old = created(statefulSetStrategy, workload("apps/v1", "StatefulSet", { serviceName: "s" }));
    const change = (spec: object) => (object: object) =>
      void Object.assign((object as json.StatefulSet).spec ?? {}, spec);
    expect(updateFaults(statefulSetStrategy, old, change({ replicas: 2 }))).toEqual([]);
    expect(updateFaults(statefulSetStrategy, old, change({ serviceName: "t" }))[0]).toMatch(
      /^spec: Forbidden: updates to/,
    );
  });
});

describe("DaemonSet", () => {
  it("counts changes of its template apart", () => {
    const key = "deprecated.daemonset.template.generation";
    const old = created(daemonSetStrategy, workload("apps/v1", "DaemonSet"));
    expect(old.metadata.annotations?.[key]).toBe("1");
    const made = updated(daemonSetStrategy, old, (object) => {
      const template = as<json.DaemonSet>(object).spec?.template;
      if (template?.metadata) template.metadata.annotations = { restarted: "now" };
    });
    expect(made.metadata).toMatchObject({ generation: 2, annotations: { [key]: "2" } });
    const slower = updated(daemonSetStrategy, old, (object) => {
      Object.assign(as<json.DaemonSet>(object).spec ?? {}, { minReadySeconds: 5 });
    });
    expect(slower.metadata).toMatchObject({ generation: 2, annotations: { [key]: "1" } });
  });
});
