import { parseSpanMs } from "@hollowfleet/core";
import { describe, expect, it } from "vitest";
import { podAnnotations, readBehaviour } from "./annotations.ts";

const app = (name: string) => ({ name, app: true, defaultRunTimeMs: undefined });

describe("readBehaviour", () => {
  it("prefers a container's own form, and leaves init containers out of the general one", () => {
    const { containers } = readBehaviour(
      { "hollowfleet.dev/run-time": "5s", "hollowfleet.dev/run-time.b": "1m", "hollowfleet.dev/exit-code.i": "7" },
      [{ name: "i", app: false, defaultRunTimeMs: 1000 }, app("a"), app("b")],
    );
    expect(containers.map(({ runTimeMs, exitCode, exitReason }) => [runTimeMs, exitCode, exitReason])).toEqual([
      [1000, 7, "Error"],
      [5000, 0, "Completed"],
      [60_000, 0, "Completed"],
    ]);
  });

  it("ignores what it cannot read, and says so once", () => {
    const { pod, containers } = readBehaviour(
      { "hollowfleet.dev/run-time": "soon", "hollowfleet.dev/exit-code": "256", "hollowfleet.dev/crash-loop": "yes" },
      [app("a"), app("b")],
    );
    expect(pod.faults).toHaveLength(3);
    expect(pod.faults[0]).toBe('Annotation hollowfleet.dev/run-time: "soon" is not understood and ignored');
    expect(containers[0]).toMatchObject({ runTimeMs: undefined, exitCode: 0 });
  });

  it("knows a crash loop, an OOM, and failures that heal or do not", () => {
    const one = (annotations: Record<string, string>) => readBehaviour(annotations, [app("a")]);
    expect(one({ "hollowfleet.dev/crash-loop": "true" }).containers[0]).toMatchObject({ runTimeMs: 1000, exitCode: 1 });
    expect(one({ "hollowfleet.dev/oom": "3s" }).containers[0]).toMatchObject({
      runTimeMs: 3000,
      exitReason: "OOMKilled",
    });
    expect(one({ "hollowfleet.dev/image-pull-failure": "true" }).containers[0]?.pullFailsMs).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(one({ "hollowfleet.dev/sandbox-failure": "20s" }).pod.sandboxFailsMs).toBe(20_000);
  });

  it("reads every annotation of its table, and for one container where the table says so", () => {
    for (const { name, value, perContainer } of podAnnotations) {
      const good = value.includes("span") ? "2s" : value === "0-255" ? "2" : "true";
      expect(parseSpanMs(good) ?? good).toBeDefined();
      for (const key of perContainer ? [name, `${name}.a`] : [name]) {
        expect(readBehaviour({ [key]: good }, [app("a")]).pod.faults).toEqual([]);
        expect(readBehaviour({ [key]: "?" }, [app("a")]).pod.faults).toHaveLength(1);
      }
    }
  });
});
