import { readFileSync } from "node:fs";
import { parseNodeTemplate } from "@hollowfleet/kubelet";
import { parse } from "yaml";
import { CliError } from "./cli-error.ts";
import type { PoolTemplate } from "./scenario-from-flags.ts";

/** Reads `--node-template`: what of a Node manifest the nodes of a pool take over. */
export function readNodeTemplate(path: string | undefined): PoolTemplate {
  if (path === undefined) return {};
  let manifest: unknown;
  try {
    manifest = parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new CliError("usage", `--node-template: ${path} cannot be read as YAML`, {
      cause,
      remedy: "Give a file with one Node manifest, as `kubectl get node NAME -o yaml` prints it.",
    });
  }
  return { ...parseNodeTemplate(manifest) };
}
