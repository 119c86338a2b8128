import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { type Clock, systemClock } from "@hollowfleet/core";
import { keyIdentifier, readAuthorityCertificate } from "./authority-certificate.ts";
import { authorityExtensions, type CertificateUsage, endEntityExtensions, signCertificate } from "./certificate.ts";
import { distinguishedName } from "./distinguished-name.ts";
import { generateKeyPair, type KeyPair } from "./key-pair.ts";
import { fromPem, toPem } from "./pem.ts";
import { PkiError } from "./pki-error.ts";

/** A certificate and its private key as PEM: plain data, which threads and files can carry. */
export interface CertificateAndKey {
  readonly certPem: string;
  readonly keyPem: string;
}

export interface AuthorityOptions {
  readonly commonName: string;
  readonly organization?: string;
  /** Default 3650. */
  readonly validityDays?: number;
  /** Default the machine's. */
  readonly clock?: Clock;
}

export interface CertificateRequest {
  /** The user, as Kubernetes reads it. */
  readonly commonName: string;
  /** The groups, as Kubernetes reads them; default none. */
  readonly organizations?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly usage: CertificateUsage;
  /** Default a new one. A shared key makes a certificate about five times cheaper; whoever holds it holds all its names. */
  readonly keyPair?: KeyPair;
  /** Default 365, as kubeadm's leaves. Never beyond the authority's own end. */
  readonly validityDays?: number;
}

/** Signs certificates. */
export interface Authority extends CertificateAndKey {
  issue(request: CertificateRequest): CertificateAndKey;
}

const dayMs = 86_400_000;
/** Certificates begin this much in the past, as those of the CSR signer (pkg/controller/certificates/signer/signer.go). */
const backdateMs = 5 * 60_000;

/** A new self-signed authority with a P-256 key. */
export function createAuthority(options: AuthorityOptions): Authority {
  const clock = options.clock ?? systemClock;
  const keyPair = generateKeyPair();
  const name = distinguishedName(options.commonName, options.organization === undefined ? [] : [options.organization]);
  const subjectPublicKeyInfo = fromPem("PUBLIC KEY", keyPair.publicKeyPem);
  const { notBeforeMs, notAfterMs } = validity(clock, options.validityDays ?? 3650, Number.POSITIVE_INFINITY);
  const der = signCertificate(
    {
      issuer: name,
      subject: name,
      subjectPublicKeyInfo,
      notBeforeMs,
      notAfterMs,
      extensions: authorityExtensions(keyIdentifier(subjectPublicKeyInfo)),
    },
    createPrivateKey(keyPair.keyPem),
  );
  return loadAuthority({ certPem: toPem("CERTIFICATE", der), keyPem: keyPair.keyPem }, clock);
}

/** The authority that a certificate and its P-256 key make, e.g. on another thread. Throws PkiError when they are no pair. */
export function loadAuthority(material: CertificateAndKey, clock: Clock = systemClock): Authority {
  const certificate = readAuthorityCertificate(fromPem("CERTIFICATE", material.certPem));
  const signer = readSigner(material.keyPem, certificate.subjectPublicKeyInfo);
  return {
    certPem: material.certPem,
    keyPem: material.keyPem,
    issue(request) {
      const keyPair = request.keyPair ?? generateKeyPair();
      const dnsNames = request.dnsNames ?? [];
      if (dnsNames.some((name) => !/^[\x21-\x7e]+$/.test(name))) {
        throw new PkiError("invalid-request", `DNS names must be ASCII: ${dnsNames.join(", ")}`);
      }
      const der = signCertificate(
        {
          issuer: certificate.subject,
          subject: distinguishedName(request.commonName, request.organizations ?? []),
          subjectPublicKeyInfo: fromPem("PUBLIC KEY", keyPair.publicKeyPem),
          ...validity(clock, request.validityDays ?? 365, certificate.notAfterMs),
          extensions: endEntityExtensions(request.usage, certificate.keyId, dnsNames, request.ipAddresses ?? []),
        },
        signer,
      );
      return { certPem: toPem("CERTIFICATE", der), keyPem: keyPair.keyPem };
    },
  };
}

function validity(clock: Clock, days: number, endMs: number): { notBeforeMs: number; notAfterMs: number } {
  if (!(days > 0)) throw new PkiError("invalid-request", `a validity of ${days} days is not positive`);
  const nowMs = clock.nowMs();
  return { notBeforeMs: nowMs - backdateMs, notAfterMs: Math.min(nowMs + days * dayMs, endMs) };
}

function readSigner(keyPem: string, subjectPublicKeyInfo: Buffer): KeyObject {
  try {
    const signer = createPrivateKey(keyPem);
    const ownKey = createPublicKey(signer).export({ type: "spki", format: "der" });
    if (signer.asymmetricKeyDetails?.namedCurve === "prime256v1" && ownKey.equals(subjectPublicKeyInfo)) return signer;
  } catch (cause) {
    throw new PkiError("invalid-material", "the authority's key cannot be read", { cause });
  }
  throw new PkiError("invalid-material", "the authority's key is not P-256 or does not belong to its certificate");
}
