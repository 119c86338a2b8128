import { type AssetVersions, findAssets, type InstallProgress, installAssets, listAssets } from "@hollowfleet/assets";
import { CliError } from "../cli-error.ts";
import { listenForInterrupt } from "../interrupt.ts";
import type { Output } from "../output.ts";

const sources = ["auto", "download", "go"] as const;

/** `hollow assets install` */
export async function installAssetsCommand(
  flags: { readonly from: string; readonly k8sVersion?: string; readonly mirror?: string },
  output: Output,
): Promise<number> {
  const from = sources.find((source) => source === flags.from);
  if (from === undefined) {
    throw new CliError("usage", `--from: "${flags.from}" is not known`, {
      remedy: `Use one of ${sources.join(", ")}.`,
    });
  }
  const interrupt = listenForInterrupt(() => output.note("stopping; what is done is kept"));
  try {
    const result = await installAssets({
      from,
      ...(flags.k8sVersion !== undefined && { version: flags.k8sVersion.replace(/^v/, "") }),
      ...(flags.mirror !== undefined && { mirror: { kubernetes: flags.mirror, etcd: flags.mirror } }),
      onProgress: progressPrinter(output),
      signal: interrupt.signal,
    });
    output.note(result.installed.length === 0 ? "everything was there" : `installed ${result.installed.join(", ")}`);
    output.result(result.dir);
    return 0;
  } finally {
    interrupt.dispose();
  }
}

/** Prints what changed for a reader: downloads and builds by the second, everything else as it comes. */
function progressPrinter(output: Output): (progress: InstallProgress) => void {
  let lastMs = 0;
  return (progress) => {
    const frequent = progress.kind === "download" || progress.kind === "build";
    if (frequent && Date.now() - lastMs < 2000) return;
    if (frequent) lastMs = Date.now();
    output.note(progressText(progress));
  };
}

function progressText(progress: InstallProgress): string {
  switch (progress.kind) {
    case "source":
      return `source: ${progress.source} (${progress.reason})`;
    case "waiting":
      return `waiting for another installation (${progress.holder})`;
    case "already":
      return `${progress.binary}: is there`;
    case "download":
      return `${progress.binary}: ${megabytes(progress.bytes)}${progress.total === undefined ? "" : ` of ${megabytes(progress.total)}`} MB`;
    case "build":
      return `${progress.binary}: ${progress.packages} packages compiled`;
    case "installed":
      return `${progress.binary}: installed, ${megabytes(progress.bytes)} MB`;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

/** `hollow assets list` */
export async function listAssetsCommand(flags: { readonly verify?: boolean }, output: Output): Promise<number> {
  const all = await listAssets({ verify: flags.verify === true });
  if (all.length === 0) output.note("nothing is installed; `hollow assets install` does it");
  for (const { versions, dir, complete, files } of all) {
    output.result(`${versionText(versions)}  ${complete ? "complete" : "INCOMPLETE"}  ${dir}`);
    for (const { name, state, source } of files) output.result(`  ${name.padEnd(24)} ${source.padEnd(9)} ${state}`);
  }
  return all.every((assets) => assets.complete) ? 0 : 1;
}

function versionText(versions: AssetVersions): string {
  return `Kubernetes ${versions.kubernetes}, etcd ${versions.etcd}`;
}

/** `hollow assets path` */
export async function assetsPathCommand(flags: { readonly assets?: string }, output: Output): Promise<number> {
  const found = await findAssets({ ...(flags.assets !== undefined && { flag: flags.assets }) });
  output.result(found.dir);
  return 0;
}
