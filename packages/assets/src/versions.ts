import { AssetsError } from "./assets-error.ts";

/** What `assets install` installs when nothing else is asked for; the go.mod of this package pins it too. */
export const defaultKubernetesVersion = "1.36.3";

/** The newest etcd of the line that each Kubernetes minor was released with (cmd/kubeadm/app/constants/constants.go). */
const etcdVersions: Readonly<Record<string, string>> = {
  "1.33": "3.5.21",
  "1.34": "3.6.16",
  "1.35": "3.6.16",
  "1.36": "3.6.16",
};

/** A Kubernetes version and the etcd that runs under it, both without a leading "v". */
export interface AssetVersions {
  readonly kubernetes: string;
  readonly etcd: string;
}

/** Reads "1.35.2" or "v1.35.2"; throws AssetsError "unsupported-version" for minors we know nothing of. */
export function assetVersions(version: string = defaultKubernetesVersion): AssetVersions {
  const match = /^v?((\d+\.\d+)\.\d+(?:-[0-9A-Za-z.]+)?)$/.exec(version);
  const etcd = etcdVersions[match?.[2] ?? ""];
  if (match?.[1] !== undefined && etcd !== undefined) return { kubernetes: match[1], etcd };
  const known = Object.keys(etcdVersions);
  throw new AssetsError("unsupported-version", `"${version}" is not a Kubernetes version that is supported`, {
    remedy: `give one of ${known[0]}.x to ${known.at(-1)}.x, e.g. ${defaultKubernetesVersion}`,
  });
}

/** How the releases name this machine's architecture. */
export function releaseArchitecture(platform: string = process.platform, arch: string = process.arch): string {
  const name = { x64: "amd64", arm64: "arm64" }[arch];
  if (platform === "linux" && name !== undefined) return name;
  throw new AssetsError("unsupported-host", `there are no control-plane binaries for ${platform} on ${arch}`, {
    remedy: "use Linux on amd64 or arm64",
  });
}
