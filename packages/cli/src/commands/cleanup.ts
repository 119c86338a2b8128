import { cleanUpCluster } from "@hollowfleet/driver";
import { CliError } from "../cli-error.ts";
import type { RunFlags } from "../flags.ts";
import { listenForInterrupt } from "../interrupt.ts";
import type { Output } from "../output.ts";
import { targetChoice } from "../target-choice.ts";

/** `hollow cleanup [run]`: removes what carries a run's label from a cluster that we did not start. */
export async function cleanup(runId: string | undefined, flags: RunFlags, output: Output): Promise<number> {
  const target = await targetChoice({ ...flags, target: "kubeconfig" });
  if (target.kind !== "kubeconfig") throw new CliError("usage", "cleanup works on a cluster that exists");
  if (runId !== undefined && !/^[0-9a-f]{8}$/.test(runId)) {
    throw new CliError("usage", `"${runId}" is no run id`, {
      remedy: "A run's id has 8 hexadecimal digits; it is in the result, and in the label hollowfleet.dev/run.",
    });
  }
  const interrupt = listenForInterrupt(() => output.note("stopping"));
  try {
    const cleaned = await cleanUpCluster(target, runId, interrupt.signal);
    for (const { run, left } of cleaned) {
      const rest = Object.entries(left).filter(([, count]) => count > 0);
      output.result(
        rest.length === 0
          ? `run ${run}: clean`
          : `run ${run}: left are ${rest.map(([what, count]) => `${count} ${what}`).join(", ")}`,
      );
    }
    if (cleaned.length === 0) output.result("nothing of any run is in the cluster");
    return cleaned.every(({ left }) => Object.values(left).every((count) => count === 0)) ? 0 : 1;
  } finally {
    interrupt.dispose();
  }
}
