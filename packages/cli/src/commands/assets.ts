import { type AssetSource, findAssets, installAssets, listAssets } from "@hollowfleet/assets";
import { CliError } from "../cli-error.ts";
import { listenForInterrupt } from "../interrupt.ts";
import type { Output } from "../output.ts";

const sources: readonly AssetSource[] = ["auto", "download", "go"];

/** `hollow assets install` */
export async function installAssetsCommand(
  flags: { readonly from: string; readonly k8sVersion?: string; readonly mirror?: string },
  output: Output,
): Promise<number> {
  const from = sources.find((source) => source === flags.from);
  if (from === undefined) {
    throw new CliError("usage", `--from: "${flags.from}" is not known`, { remedy: `Use one of ${sources.join(", ")}.` });
  }
  const interrupt = listenForInterrupt(() => output.note("stopping; what is done is kept"));
  try {
    const installed = await installAssets({
      from,
      ...(flags.k8sVersion !== undefined && { version: flags.k8sVersion }),
      ...(flags.mirror !== undefined && { mirror: flags.mirror }),
      onProgress: (line) => output.note(line),
      signal: interrupt.signal,
    });
    output.result(installed.dir);
    return 0;
  } finally {
    interrupt.dispose();
  }
}

/** `hollow assets list` */
export async function listAssetsCommand(flags: { readonly verify?: boolean }, output: Output): Promise<number> {
  const all = await listAssets({ verify: flags.verify === true });
  if (all.length === 0) output.note("nothing is installed; `hollow assets install` does it");
  for (const { version, source, state, dir } of all) output.result(`${version.padEnd(10)} ${source.padEnd(9)} ${state}  ${dir}`);
  return 0;
}

/** `hollow assets path` */
export async function assetsPathCommand(flags: { readonly assets?: string }, output: Output): Promise<number> {
  const found = await findAssets({ ...(flags.assets !== undefined && { flag: flags.assets }) });
  output.result(found.dir);
  return 0;
}
