import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Authority, type CertificateAndKey, createAuthority } from "@hollowfleet/pki";
import { onTestFinished } from "vitest";
import type { Kubeconfig } from "./kubeconfig.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { parseKubeconfig } from "./parse-kubeconfig.ts";

/** One authority for all tests of a file: making keys is slow. */
export const authority: Authority = createAuthority({ commonName: "kubeconfig-ca" });
export const admin: CertificateAndKey = authority.issue({ commonName: "admin", usage: "client" });
export const other: CertificateAndKey = authority.issue({ commonName: "other", usage: "client" });

/** A folder with the given files, removed after the test. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "hollow-kubeconfig-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** A file with one context `main` of the cluster and the user given. */
export function oneContext(cluster: object, user: object, path = "/etc/hollow/config"): Kubeconfig {
  return parseKubeconfig(
    JSON.stringify({
      clusters: [{ name: "c", cluster: { server: "https://api.example:6443", ...cluster } }],
      users: [{ name: "u", user }],
      contexts: [{ name: "main", context: { cluster: "c", user: "u" } }],
      "current-context": "main",
    }),
    path,
  );
}

/** The error that `work` throws; fails if it throws none or another kind. */
export function faultOf(work: () => unknown): KubeconfigError {
  try {
    work();
  } catch (error) {
    if (error instanceof KubeconfigError) return error;
    throw error;
  }
  throw new Error("it did not throw");
}

/** The error that a promise ends with. */
export async function rejectionOf(work: Promise<unknown>): Promise<KubeconfigError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof KubeconfigError) return error;
  throw error ?? new Error("it did not reject");
}
