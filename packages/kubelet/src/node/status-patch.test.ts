import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  conditionsDiffer,
  dateConditions,
  readConditions,
  readyConditions,
  registeringConditions,
  withCondition,
} from "./conditions.ts";
import { statusPatch } from "./status-patch.ts";

const at = Date.UTC(2026, 10, 22, 13, 34, 3) / 1000;
const order = ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"].map((type) => ({ type }));

describe("the status patch", () => {
  const registered = dateConditions(registeringConditions, [], at);

  it("is {} right after the registration, within the same second", () => {
    expect(statusPatch(registered, dateConditions(registeringConditions, registered, at))).toBe("{}");
  });

  it("tells of Ready within the same second exactly as a kubelet does (kubelet-audit §1.4)", () => {
    expect(statusPatch(registered, dateConditions(readyConditions, registered, at))).toBe(
      `{"status":{"$setElementOrder/conditions":${JSON.stringify(order)},"conditions":[` +
        `{"message":"kubelet is posting ready status","reason":"KubeletReady","status":"True","type":"Ready"}]}}`,
    );
  });

  it("carries every heartbeat, and Ready's transition, when the second has changed", () => {
    const { status } = JSON.parse(statusPatch(registered, dateConditions(readyConditions, registered, at + 1)));
    const heartbeat = { lastHeartbeatTime: "2026-11-22T13:34:04Z" };
    expect(status.conditions).toEqual([
      { ...heartbeat, type: "MemoryPressure" },
      { ...heartbeat, type: "DiskPressure" },
      { ...heartbeat, type: "PIDPressure" },
      {
        ...heartbeat,
        lastTransitionTime: "2026-11-22T13:34:04Z",
        message: "kubelet is posting ready status",
        reason: "KubeletReady",
        status: "True",
        type: "Ready",
      },
    ]);
  });

  it("carries nothing but the four heartbeats at rest (kubelet-audit §2)", () => {
    const base = dateConditions(readyConditions, [], at);
    const next = dateConditions(readyConditions, base, at + 305);
    expect(conditionsDiffer(base, next)).toBe(false);
    const heartbeats = order.map(({ type }) => ({ lastHeartbeatTime: "2026-11-22T13:39:08Z", type }));
    expect(JSON.parse(statusPatch(base, next))).toEqual({
      status: { "$setElementOrder/conditions": order, conditions: heartbeats },
    });
  });

  it("leaves the conditions of others alone, and names them in the order", () => {
    const theirs = {
      type: "NetworkUnavailable",
      status: "False",
      reason: "R",
      message: "m",
      heartbeatS: 1,
      transitionS: 1,
    };
    const base = [theirs, ...dateConditions(readyConditions, [], at)];
    const next = dateConditions(readyConditions, base, at + 9);
    expect(next[0]).toEqual(theirs);
    const { status } = JSON.parse(statusPatch(base, next));
    expect(status["$setElementOrder/conditions"]).toEqual([{ type: "NetworkUnavailable" }, ...order]);
    expect(status.conditions).toHaveLength(4);
  });

  it("mends what the node lifecycle controller wrote over", () => {
    const base = dateConditions(readyConditions, [], at).map((condition) =>
      condition.type === "Ready" ? { ...condition, status: "Unknown", reason: "NodeStatusUnknown" } : condition,
    );
    const next = dateConditions(readyConditions, base, at + 60);
    expect(conditionsDiffer(base, next)).toBe(true);
    expect(next.at(-1)).toMatchObject({ status: "True", transitionS: at + 60 });
  });
});

it("conditions survive the way to the API and back", () => {
  const text = fc.string({ maxLength: 8 });
  const dated = fc.record({
    type: text,
    status: text,
    reason: text,
    message: text,
    heartbeatS: fc.nat(),
    transitionS: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(dated), (conditions) => {
      const node = {
        status: {
          conditions: conditions.map(({ heartbeatS, transitionS, ...texts }) => ({
            ...texts,
            lastHeartbeatTime: { seconds: heartbeatS },
            lastTransitionTime: { seconds: transitionS },
          })),
        },
      };
      expect(readConditions(node)).toEqual(conditions);
    }),
  );
});

it("Ready stays last when a condition is added", () => {
  const pressure = { type: "FrobPressure", status: "True", reason: "Frob", message: "too much frob" };
  const types = withCondition(readyConditions, pressure).map(({ type }) => type);
  expect(types).toEqual(["MemoryPressure", "DiskPressure", "PIDPressure", "FrobPressure", "Ready"]);
  expect(withCondition(readyConditions, { ...pressure, type: "DiskPressure" })[1]?.status).toBe("True");
});
