import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { AssetsError } from "./assets-error.ts";
import type { BinaryName } from "./binary.ts";
import type { Environment } from "./cache-folder.ts";
import { downloadFile } from "./download-file.ts";
import { fetchText } from "./http-fetch.ts";
import type { AssetSource, ProduceRequest } from "./source.ts";
import { readTarEntry } from "./tar.ts";
import { type AssetVersions, releaseArchitecture } from "./versions.ts";

/** Where releases are, without a slash at the end. */
export interface ReleaseUrls {
  /** Holds `vX.Y.Z/bin/linux/ARCH/NAME` and `NAME.sha256`; default https://dl.k8s.io/release. */
  readonly kubernetes: string;
  /** Holds `vX.Y.Z/etcd-vX.Y.Z-linux-ARCH.tar.gz` and `SHA256SUMS`; default etcd's releases at GitHub. */
  readonly etcd: string;
}

/** The official places, or those that HOLLOW_KUBERNETES_URL and HOLLOW_ETCD_URL name. */
export function releaseUrls(env: Environment, mirror: Partial<ReleaseUrls> = {}): ReleaseUrls {
  const trimmed = (url: string) => url.replace(/\/+$/, "");
  return {
    kubernetes: trimmed(mirror.kubernetes ?? env["HOLLOW_KUBERNETES_URL"] ?? "https://dl.k8s.io/release"),
    etcd: trimmed(mirror.etcd ?? env["HOLLOW_ETCD_URL"] ?? "https://github.com/etcd-io/etcd/releases/download"),
  };
}

/** Official releases, checked against the checksums published beside them. */
export function downloadSource(urls: ReleaseUrls, arch: string = releaseArchitecture()): AssetSource {
  const kubernetesUrl = (versions: AssetVersions, binary: BinaryName) =>
    `${urls.kubernetes}/v${versions.kubernetes}/bin/linux/${arch}/${binary}`;
  return {
    name: "download",
    async check(versions, signal) {
      await fetchText(`${kubernetesUrl(versions, "kubectl")}.sha256`, signal === undefined ? {} : { signal });
    },
    async produce(request) {
      const path = join(request.dir, `.${request.binary}.download`);
      if (request.binary === "etcd") await produceEtcd(urls.etcd, arch, path, request);
      else {
        const url = kubernetesUrl(request.versions, request.binary);
        const sha256 = checksumIn(await fetchText(`${url}.sha256`, signalOf(request)), undefined, url);
        await downloadFile({ url, path, sha256, ...progressOf(request) });
      }
      chmodSync(path, 0o755);
      return path;
    },
  };
}

async function produceEtcd(base: string, arch: string, path: string, request: ProduceRequest): Promise<void> {
  const tag = `v${request.versions.etcd}`;
  const folder = `etcd-${tag}-linux-${arch}`;
  const url = `${base}/${tag}/${folder}.tar.gz`;
  const sums = await fetchText(`${base}/${tag}/SHA256SUMS`, signalOf(request));
  const archive = `${path}.tar.gz`;
  await downloadFile({ url, path: archive, sha256: checksumIn(sums, `${folder}.tar.gz`, url), ...progressOf(request) });
  writeFileSync(path, readTarEntry(gunzipSync(readFileSync(archive)), `${folder}/etcd`));
  rmSync(archive);
}

/** The checksum of `file` in the format of sha256sum(1), or the only one of a file that holds nothing else. */
function checksumIn(text: string, file: string | undefined, url: string): string {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+\*?/));
  const found = file === undefined ? lines[0] : lines.find(([, name]) => name === file);
  if (found?.[0] !== undefined && /^[0-9a-f]{64}$/.test(found[0])) return found[0];
  throw new AssetsError("checksum-mismatch", `no checksum is published for ${url}`, {
    remedy: "check the mirror, if you named one",
  });
}

function signalOf(request: ProduceRequest): { readonly signal?: AbortSignal } {
  return request.signal === undefined ? {} : { signal: request.signal };
}

/** At most one line of progress per MiB. */
function progressOf(request: ProduceRequest): {
  readonly onBytes: (received: number, total: number | undefined) => void;
  readonly signal?: AbortSignal;
} {
  let told = 0;
  return {
    ...signalOf(request),
    onBytes(bytes, total) {
      if (bytes - told < 2 ** 20 && bytes !== total) return;
      told = bytes;
      request.onProgress({ kind: "download", binary: request.binary, bytes, total });
    },
  };
}
