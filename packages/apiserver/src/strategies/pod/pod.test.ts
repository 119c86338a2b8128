import type { json } from "@hollowfleet/wire";
import { describe, expect, it } from "vitest";
import {
  created,
  createFaults,
  podObject,
  statusFaults,
  testContext,
  updated,
  updateFaults,
} from "../testing/objects.ts";
import { as } from "../views.ts";
import { podStrategy } from "./pod.ts";

const stored = created(podStrategy, podObject({ nodeName: "n1", terminationGracePeriodSeconds: 20 }));

describe("a pod that is created", () => {
  it("is filled in", () => {
    expect(created(podStrategy, podObject())).toMatchObject({
      metadata: { generation: 1 },
      spec: {
        restartPolicy: "Always",
        dnsPolicy: "ClusterFirst",
        schedulerName: "default-scheduler",
        securityContext: {},
        terminationGracePeriodSeconds: 30,
        enableServiceLinks: true,
        containers: [
          {
            imagePullPolicy: "IfNotPresent",
            terminationMessagePath: "/dev/termination-log",
            terminationMessagePolicy: "File",
            resources: {},
          },
        ],
      },
      status: { phase: "Pending", qosClass: "BestEffort" },
    });
  });

  it("does not keep the status that a client makes up", () => {
    const body = podObject();
    body["status"] = { phase: "Running", podIP: "1.2.3.4" };
    expect(created(podStrategy, body)["status"]).toEqual({ phase: "Pending", qosClass: "BestEffort" });
  });

  it("requests what its limits allow", () => {
    const containers = [{ name: "c", image: "a:1", resources: { limits: { cpu: "1", memory: "64Mi" } } }];
    const made = as<json.Pod>(created(podStrategy, podObject({ containers })));
    expect(made.spec?.containers?.[0]?.resources?.requests).toEqual({ cpu: "1", memory: "64Mi" });
    expect(made.status?.qosClass).toBe("Guaranteed");
  });

  it("knows its service account by both names", () => {
    const made = created(podStrategy, podObject({ serviceAccount: "s" }));
    expect(made["spec"]).toMatchObject({ serviceAccountName: "s", serviceAccount: "s" });
  });

  it("waits at its gates", () => {
    const made = created(podStrategy, podObject({ schedulingGates: [{ name: "example.com/g" }] }));
    expect(made["status"]).toMatchObject({ conditions: [{ type: "PodScheduled", reason: "SchedulingGated" }] });
  });
});

describe("a pod that is refused", () => {
  it.each<[string, object, string[]]>([
    ["without containers", { containers: [] }, ["spec.containers: Required value"]],
    [
      "with two containers of one name",
      {
        containers: [
          { name: "c", image: "a" },
          { name: "c", image: "a" },
        ],
      },
      ['spec.containers[1].name: Duplicate value: "c"'],
    ],
    [
      "that restarts sometimes",
      { restartPolicy: "Sometimes" },
      ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"'],
    ],
    [
      "requesting more than its limit",
      { containers: [{ name: "c", image: "a", resources: { limits: { cpu: "1" }, requests: { cpu: "2" } } }] },
      ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
    ],
    [
      "mounting what is not there",
      { containers: [{ name: "c", image: "a", volumeMounts: [{ name: "v", mountPath: "/v" }] }] },
      ['spec.containers[0].volumeMounts[0].name: Not found: "v"'],
    ],
    [
      "with a probe that does nothing",
      { containers: [{ name: "c", image: "a", livenessProbe: {} }] },
      ["spec.containers[0].livenessProbe: Required value: must specify a handler type"],
    ],
    [
      "on a node and behind a gate",
      { nodeName: "n", schedulingGates: [{ name: "example.com/g" }] },
      ["spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared"],
    ],
  ])("%s", (_title, spec, faults) => {
    expect(createFaults(podStrategy, podObject(spec))).toEqual(faults);
  });

  it("is none that is right", () => {
    expect(createFaults(podStrategy, podObject())).toEqual([]);
  });
});

describe("a pod that is changed", () => {
  const change = (edit: (spec: json.PodSpec) => void) => (object: object) => {
    const { spec } = object as json.Pod;
    if (spec) edit(spec);
  };

  it("may have another image, and counts it", () => {
    const edit = change((spec) => {
      spec.containers = [{ ...spec.containers?.[0], image: "app:2" } as json.Container];
    });
    expect(updateFaults(podStrategy, stored, edit)).toEqual([]);
    expect(updated(podStrategy, stored, edit).metadata.generation).toBe(2);
    expect(updated(podStrategy, stored, () => undefined).metadata.generation).toBe(1);
  });

  it("may not move", () => {
    const [fault] = updateFaults(
      podStrategy,
      stored,
      change((spec) => Object.assign(spec, { nodeName: "n2" })),
    );
    expect(fault).toMatch(
      /^spec: Forbidden: pod updates may not change fields other than `spec.containers\[\*\].image`,`spec.init/,
    );
  });

  it("may not have more containers", () => {
    const edit = change((spec) => spec.containers?.push({ name: "d", image: "d" }));
    expect(updateFaults(podStrategy, stored, edit)).toEqual([
      "spec.containers: Forbidden: pod updates may not add or remove containers",
    ]);
  });

  it("may tolerate more, not less", () => {
    const toleration = { key: "a", operator: "Exists", effect: "NoExecute" };
    const more = updated(
      podStrategy,
      stored,
      change((spec) => Object.assign(spec, { tolerations: [toleration] })),
    );
    expect(podStrategy.validateUpdate?.(more, stored)).toEqual([]);
    expect(
      updateFaults(
        podStrategy,
        more,
        change((spec) => Object.assign(spec, { tolerations: [] })),
      ),
    ).toEqual(["spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"]);
  });

  it("keeps the status that it has", () => {
    const made = updated(podStrategy, stored, (object) => Object.assign(object, { status: { phase: "Running" } }));
    expect(made["status"]).toBe(stored["status"]);
  });
});

describe("the status of a pod", () => {
  const running = { phase: "Running", qosClass: "BestEffort", observedGeneration: 1 };

  it("takes nothing else along", () => {
    const made = { ...structuredClone(stored), spec: {}, status: { phase: "Running" } };
    podStrategy.prepareForStatusUpdate?.(made, stored, testContext());
    expect(made.spec).toBe(stored["spec"]);
    expect(made.status).toEqual({ phase: "Running", qosClass: "BestEffort" });
  });

  it("keeps the generations that were observed", () => {
    const old = {
      ...stored,
      status: { ...running, conditions: [{ type: "Ready", status: "True", observedGeneration: 1 }] },
    };
    const made = {
      ...structuredClone(stored),
      status: { phase: "Running", conditions: [{ type: "Ready", status: "False" }] },
    };
    podStrategy.prepareForStatusUpdate?.(made, old, testContext());
    expect(made.status).toMatchObject({ observedGeneration: 1, conditions: [{ observedGeneration: 1 }] });
  });

  it("does not change the QoS class", () => {
    expect(statusFaults(podStrategy, stored, { ...running, qosClass: "Burstable" })).toEqual([
      'status.qosClass: Invalid value: "Burstable": field is immutable',
    ]);
  });

  it("does not wake what has ended for good", () => {
    const never = created(podStrategy, podObject({ restartPolicy: "Never" }));
    const ended = { ...running, containerStatuses: [{ name: "c", state: { terminated: { exitCode: 0 } } }] };
    const old = { ...never, status: ended };
    const again = { ...running, containerStatuses: [{ name: "c", state: { running: {} } }] };
    expect(statusFaults(podStrategy, old, again)).toEqual([
      "status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state",
    ]);
    expect(statusFaults(podStrategy, { ...stored, status: ended }, again)).toEqual([]);
  });

  it("has addresses", () => {
    expect(statusFaults(podStrategy, stored, { ...running, podIPs: [{ ip: "x" }] })).toHaveLength(1);
    expect(statusFaults(podStrategy, stored, { ...running, podIPs: [{ ip: "10.1.1.1" }] })).toEqual([]);
  });
});

describe("the grace of a pod", () => {
  const grace = podStrategy.gracePeriodSeconds?.bind(podStrategy);

  it("is its own, or what is asked for", () => {
    expect(grace?.(stored, undefined)).toBe(20);
    expect(grace?.(stored, 5)).toBe(5);
    expect(grace?.(stored, 0)).toBe(0);
    expect(grace?.(stored, -1)).toBe(1);
  });

  it("is nothing for one that never ran or has ended", () => {
    expect(grace?.(created(podStrategy, podObject()), undefined)).toBe(0);
    expect(grace?.({ ...stored, status: { phase: "Succeeded" } }, 9)).toBe(0);
  });
});

it("selects pods by their fields", () => {
  expect(podStrategy.selectableFields?.(stored)).toEqual({
    "spec.nodeName": "n1",
    "spec.restartPolicy": "Always",
    "spec.schedulerName": "default-scheduler",
    "spec.serviceAccountName": "",
    "spec.hostNetwork": "false",
    "status.phase": "Pending",
    "status.podIP": "",
    "status.nominatedNodeName": "",
  });
});
