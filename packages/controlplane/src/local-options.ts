import type { FoundAssets } from "@hollowfleet/assets";
import type { ComponentName, Flags } from "./components/component.ts";

/** A user who proves itself with a bearer token from the API server's token file. */
export interface StaticToken {
  readonly token: string;
  /** e.g. "system:node:hollow-1" */
  readonly user: string;
  /** e.g. ["system:nodes"] */
  readonly groups: readonly string[];
}

export interface LocalOptions {
  /** Path of each component's binary, as `findAssets` finds them. */
  readonly binaries: FoundAssets["paths"];
  /** The run's own folder is made below this; default: the system's folder for temporary files. */
  readonly runDir?: string;
  /** Run controller-manager and scheduler with their own client limits (20/30 and 50/100) instead of 500/1000; default false. */
  readonly componentDefaults?: boolean;
  /** Of kube-apiserver, kube-scheduler and kube-controller-manager. */
  readonly featureGates?: Readonly<Record<string, boolean>>;
  /** Flags without dashes that are added to a component's own, or replace them. */
  readonly extraFlags?: Readonly<Partial<Record<ComponentName, Flags>>>;
  /** Default none. */
  readonly staticTokens?: readonly StaticToken[];
  /** Write an audit log; default false. */
  readonly audit?: boolean;
  /** Keep logs (and the audit log) when all went well, too; default false. After a death they are always kept. */
  readonly keepLogs?: boolean;
  /** All components must be ready within this; default 60,000. */
  readonly startTimeoutMs?: number;
  /** Gives up the start and stops what was started. */
  readonly signal?: AbortSignal;
  /** Told what is being waited for, e.g. "kube-apiserver". */
  readonly onProgress?: (waitingFor: string) => void;
}

/** The token file of kube-apiserver: CSV of token, user, uid, groups in quotes. */
export function tokenFile(tokens: readonly StaticToken[]): string {
  return tokens.map(({ token, user, groups }) => `${token},${user},${user},"${groups.join(",")}"\n`).join("");
}
