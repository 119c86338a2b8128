import { ControlPlaneError } from "./control-plane-error.ts";

/** What `GET /version` says. */
export interface ServerVersion {
  readonly major: number;
  readonly minor: number;
  /** e.g. "v1.36.3", "v1.35.1-eks-4f7a9c1". */
  readonly gitVersion: string;
}

/** The minors whose requests and objects we know (Kubernetes 1.x). */
export const supportedMinors = { oldest: 33, newest: 36 } as const;

/** Reads the body of `GET /version`. Some providers write the minor with a plus sign: "33+". */
export function parseServerVersion(body: unknown): ServerVersion {
  const { gitVersion } = (body ?? {}) as { gitVersion?: unknown };
  const match = /^v(\d+)\.(\d+)/.exec(typeof gitVersion === "string" ? gitVersion : "");
  if (match === null) throw new ControlPlaneError("unsupported-version", "the server does not say its version");
  return { major: Number(match[1]), minor: Number(match[2]), gitVersion: String(gitVersion) };
}

/** Throws ControlPlaneError "unsupported-version" unless we know this server's minor. */
export function checkServerVersion(version: ServerVersion): void {
  const { oldest, newest } = supportedMinors;
  if (version.major === 1 && version.minor >= oldest && version.minor <= newest) return;
  throw new ControlPlaneError("unsupported-version", `the server is ${version.gitVersion}`, {
    remedy: `Kubernetes 1.${oldest} to 1.${newest} are supported`,
  });
}
