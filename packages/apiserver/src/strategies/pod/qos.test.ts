import { describe, expect, it } from "vitest";
import { qosClass } from "./qos.ts";

function spec(...resources: readonly object[]) {
  return { containers: resources.map((own, index) => ({ name: `c${index}`, resources: own })) };
}

const full = { cpu: "1", memory: "1Gi" };

describe("qosClass", () => {
  it.each([
    ["BestEffort", spec({})],
    ["BestEffort", spec({ requests: { cpu: "0", "example.com/gpu": "1" } })],
    ["Guaranteed", spec({ limits: full, requests: full })],
    ["Guaranteed", spec({ limits: full, requests: { cpu: "1000m", memory: "1024Mi" } })],
    ["Burstable", spec({ limits: full, requests: full }, {})],
    ["Burstable", spec({ limits: { cpu: "1" }, requests: { cpu: "1" } })],
    ["Burstable", spec({ limits: full, requests: { cpu: "500m", memory: "1Gi" } })],
    ["Burstable", spec({ requests: { cpu: "1" } })],
    ["Guaranteed", { ...spec({}), resources: { limits: full, requests: full } }],
  ] as const)("%s", (expected, pod) => {
    expect(qosClass(pod as never)).toBe(expected);
  });
});
