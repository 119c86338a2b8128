import { closeRun } from "./close-run.ts";
import { DriverError } from "./driver-error.ts";
import { aborted, endingWith } from "./ending-with.ts";
import { openRun } from "./open-run.ts";
import { registerNodes } from "./phases/register-nodes.ts";
import { endingOf, type RunEnd } from "./run-end.ts";
import type { RunOptions } from "./run-options.ts";
import { totalNodes } from "./scenario.ts";

export interface HoldOptions extends RunOptions {
  /** Every node is Ready. */
  readonly onReady: (facts: { readonly kubeconfigPath: string; readonly nodes: number }) => void;
}

/** Holds a cluster of hollow nodes up until the signal aborts. Throws what ended it before its time. */
export async function holdUp(options: HoldOptions): Promise<void> {
  const open = await openRun(options);
  const { signal } = open.context;
  let end: RunEnd = { kind: "interrupted" };
  try {
    await endingWith(open.context, registerNodes(open.context));
    if (!signal.aborted) {
      options.onReady({
        kubeconfigPath: open.target.plane.kubeconfigPath,
        nodes: totalNodes(options.scenario),
      });
    }
    await aborted(signal);
    end = endingOf(undefined, signal);
  } catch (thrown) {
    end = endingOf(thrown, signal);
  }
  await closeRun(open, end);
  if (end.kind === "broken") {
    const cause: unknown = signal.aborted ? signal.reason : undefined;
    throw cause instanceof DriverError ? cause : new DriverError("timeout", end.message);
  }
}
