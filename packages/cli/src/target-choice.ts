import { AssetsError, type FoundAssets, findAssets } from "@hollowfleet/assets";
import { type ComponentName, componentNames, type Flags } from "@hollowfleet/controlplane";
import type { Fault, LocalTargetOptions, TargetChoice } from "@hollowfleet/driver";
import { CliError } from "./cli-error.ts";
import type { RunFlags } from "./flags.ts";

type TargetFlags = Pick<
  RunFlags,
  | "target"
  | "kubeconfig"
  | "context"
  | "allowExisting"
  | "assets"
  | "auditLog"
  | "componentDefaults"
  | "componentArg"
  | "featureGates"
  | "keepLogs"
>;

/** Whether the cluster is one that was there before. */
export function isExisting(flags: Pick<RunFlags, "target" | "kubeconfig">): boolean {
  return flags.kubeconfig !== undefined || flags.target === "kubeconfig";
}

/**
 * Which API server the flags ask for; finds the binaries where it is to be started here.
 * @param onStarting told what of the control plane is being waited for
 */
export async function targetChoice(
  flags: TargetFlags,
  runDir?: string,
  onStarting?: (what: string) => void,
): Promise<TargetChoice> {
  if (isExisting(flags)) {
    return {
      kind: "kubeconfig",
      path: flags.kubeconfig,
      context: flags.context,
      allowed: flags.allowExisting === true,
    };
  }
  checkTarget(flags.target);
  checkLocalOnly(flags);
  const progress = onStarting !== undefined && { onProgress: onStarting };
  if (flags.target === "embedded") return { kind: "embedded", ...progress };
  const assets = flags.target === "auto" ? await assetsIfAny(flags) : await assetsOf(flags);
  if (assets === undefined) return { kind: "embedded", ...progress };
  return { kind: "local", ...localOptions(flags, runDir, assets), ...progress };
}

/** What tells a user of `auto` why it is not a real control plane that was started. */
export const embeddedHint =
  "no control-plane binaries are installed, so this is the embedded API server; for a real one: hollow assets install";

function assetsOf(flags: TargetFlags): Promise<FoundAssets> {
  return findAssets({ ...(flags.assets !== undefined && { flag: flags.assets }) });
}

/** Undefined when there are none and nothing was said that needs some. */
async function assetsIfAny(flags: TargetFlags): Promise<FoundAssets | undefined> {
  try {
    return await assetsOf(flags);
  } catch (thrown) {
    const asked = localOnly(flags).length > 0 || (process.env["HOLLOW_ASSETS"] ?? "") !== "";
    if (asked || !(thrown instanceof AssetsError) || thrown.code !== "not-found") throw thrown;
    return undefined;
  }
}

/** Flags that only `local` can honour, as the user wrote them. */
function localOnly(flags: TargetFlags): string[] {
  const given: Readonly<Record<string, boolean>> = {
    "--assets": flags.assets !== undefined,
    "--audit-log": flags.auditLog === true,
    "--keep-logs": flags.keepLogs === true,
    "--component-defaults": flags.componentDefaults === true,
    "--component-arg": (flags.componentArg ?? []).length > 0,
    "--feature-gates": flags.featureGates !== undefined,
  };
  return Object.entries(given).flatMap(([flag, set]) => (set ? [flag] : []));
}

/** What is wrong with the flags about the target, each by its name. Pure. */
export function targetFaults(flags: TargetFlags): Fault[] {
  const checks: Record<string, () => unknown> = {
    "--target": () => {
      checkTarget(flags.target);
      checkLocalOnly(flags);
    },
    "--component-arg": () => parseComponentArgs(flags.componentArg),
    "--feature-gates": () => parseFeatureGates(flags.featureGates),
  };
  return Object.entries(checks).flatMap(([path, check]) => {
    try {
      check();
      return [];
    } catch (thrown) {
      if (!(thrown instanceof CliError)) throw thrown;
      return [{ path, message: `${thrown.message.replace(`${path}: `, "")}. ${thrown.remedy}` }];
    }
  });
}

const targets = ["auto", "local", "embedded", "kubeconfig"];

function checkTarget(target: string): void {
  if (targets.includes(target)) return;
  throw new CliError("usage", `--target: "${target}" is not known`, {
    remedy: "Use auto, local, embedded or kubeconfig.",
  });
}

/** A flag that would be ignored is a mistake. */
function checkLocalOnly(flags: TargetFlags): void {
  const [flag] = flags.target === "embedded" && !isExisting(flags) ? localOnly(flags) : [];
  if (flag === undefined) return;
  throw new CliError("usage", `--target: "embedded" has no use for ${flag}`, {
    remedy: `Use --target local, or leave ${flag} out.`,
  });
}

function localOptions(flags: TargetFlags, runDir: string | undefined, assets: FoundAssets): LocalTargetOptions {
  const keepLogs = flags.keepLogs === true || flags.auditLog === true;
  const featureGates = parseFeatureGates(flags.featureGates);
  return {
    binaries: assets.paths,
    extraFlags: parseComponentArgs(flags.componentArg),
    ...(featureGates !== undefined && { featureGates }),
    componentDefaults: flags.componentDefaults === true,
    audit: flags.auditLog === true,
    keepLogs,
    // Logs that are kept belong to the result; what is thrown away belongs into the system's temporary folder.
    ...(keepLogs && runDir !== undefined && { runDir }),
  };
}

/** `kube-apiserver=--v=2` → that component's flag v. */
export function parseComponentArgs(args: readonly string[] = []): Partial<Record<ComponentName, Flags>> {
  const parsed: Partial<Record<ComponentName, Record<string, string>>> = {};
  for (const arg of args) {
    const match = /^([a-z-]+)=--([a-z0-9-]+)(?:=(.*))?$/.exec(arg);
    const component = componentNames.find((name) => name === match?.[1]);
    if (match === null || component === undefined) {
      throw new CliError("usage", `--component-arg: "${arg}" is not understood`, {
        remedy: `Write COMPONENT=--FLAG=VALUE, where COMPONENT is one of ${componentNames.join(", ")}.`,
      });
    }
    parsed[component] = { ...parsed[component], [match[2] ?? ""]: match[3] ?? "true" };
  }
  return parsed;
}

/** `A=true,B=false`, as the components' own flag. */
export function parseFeatureGates(list: string | undefined): Record<string, boolean> | undefined {
  if (list === undefined) return undefined;
  return Object.fromEntries(
    list.split(",").map((part) => {
      const match = /^([A-Za-z0-9]+)=(true|false)$/.exec(part.trim());
      if (match === null) {
        throw new CliError("usage", `--feature-gates: "${part}" is not understood`, {
          remedy: "Write NAME=true or NAME=false, separated by commas.",
        });
      }
      return [match[1] ?? "", match[2] === "true"];
    }),
  );
}
