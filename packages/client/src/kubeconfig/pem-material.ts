import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ClientCertificate } from "./connection-config.ts";
import { type FaultPlace, KubeconfigError, unreadable } from "./kubeconfig-error.ts";

/** PEM text and where it was found. */
export interface PemMaterial {
  readonly pem: string;
  readonly place: FaultPlace;
}

/**
 * The PEM text of a pair of fields `x-data` and `x`; data wins. The API says so (clientcmd/api/v1/types.go) and client-go
 * loads it so; kubectl alone refuses a file with both.
 *
 * @param where file of the entry, and the path of the field that names a file
 */
export function readPem(
  data: string | undefined,
  path: string | undefined,
  where: { readonly file: string; readonly field: string },
): PemMaterial | undefined {
  if (data !== undefined) return { pem: data, place: { file: where.file, field: `${where.field}-data` } };
  if (path === undefined) return undefined;
  const place = { ...where, value: path };
  try {
    return { pem: readFileSync(path, "utf8"), place };
  } catch (cause) {
    const remedy = "Correct the path (relative ones start from the kubeconfig's own folder) or the file's permissions.";
    throw unreadable(place, remedy, cause);
  }
}

/** Trusted roots: at least one certificate. */
export function checkRoots({ pem, place }: PemMaterial): string {
  parseCertificate({ pem, place });
  return pem;
}

/** A certificate and the key that fits it. */
export function checkPair(certificate: PemMaterial, key: PemMaterial): ClientCertificate {
  const x509 = parseCertificate(certificate);
  let fits: boolean;
  try {
    fits = x509.checkPrivateKey(createPrivateKey(key.pem));
  } catch (cause) {
    throw noPem(key.place, "private key", "Store the key as PEM without a passphrase.", cause);
  }
  if (!fits) {
    throw new KubeconfigError("conflict", key.place, `does not fit the certificate of ${certificate.place.field}`, {
      remedy: "Take certificate and key from the same pair.",
    });
  }
  return { certPem: certificate.pem, keyPem: key.pem };
}

function parseCertificate({ pem, place }: PemMaterial): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw noPem(place, "certificate", 'The text must begin with "-----BEGIN CERTIFICATE-----".', cause);
  }
}

function noPem(place: FaultPlace, what: string, remedy: string, cause: unknown): KubeconfigError {
  return new KubeconfigError("bad-field", place, `holds no ${what} in PEM that can be read`, { remedy, cause });
}
