import { type KeyObject, randomBytes, sign } from "node:crypto";
import { bitString, contextTag, element, oid, sequence, tag, time } from "./der.ts";
import { ipAddressBytes } from "./ip-address.ts";

/** What the key of a certificate may be used for on a TLS connection. */
export type CertificateUsage = "client" | "server" | "both";

const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"));
const version3 = element(contextTag(0, "constructed"), element(tag.integer, Buffer.of(2)));
const critical = element(tag.boolean, Buffer.of(0xff));
const extendedKeyUsageOid = oid("2.5.29.37");
const serverAuth = oid("1.3.6.1.5.5.7.3.1");
const clientAuth = oid("1.3.6.1.5.5.7.3.2");
const subjectKeyIdOid = oid("2.5.29.14");

function extension(type: Buffer, value: Buffer, isCritical = false): Buffer {
  return isCritical
    ? sequence(type, critical, element(tag.octetString, value))
    : sequence(type, element(tag.octetString, value));
}

const keyUsageOid = oid("2.5.29.15");
const basicConstraintsOid = oid("2.5.29.19");
/** The same bytes in every leaf: digitalSignature (all that ECDSA needs in TLS 1.3), not an authority, its purposes. */
const leafExtensions = Object.fromEntries(
  (
    [
      ["client", [clientAuth]],
      ["server", [serverAuth]],
      ["both", [serverAuth, clientAuth]],
    ] as const
  ).map(([usage, purposes]) => [
    usage,
    Buffer.concat([
      extension(keyUsageOid, bitString(Buffer.of(0x80), 7), true),
      extension(extendedKeyUsageOid, sequence(...purposes)),
      extension(basicConstraintsOid, sequence(), true),
    ]),
  ]),
) as Record<CertificateUsage, Buffer>;

/** Extensions of an authority: keyCertSign, cRLSign and digitalSignature; CA without a path limit. */
export function authorityExtensions(subjectKeyId: Buffer): Buffer {
  return Buffer.concat([
    extension(keyUsageOid, bitString(Buffer.of(0x86), 1), true),
    extension(basicConstraintsOid, sequence(critical), true),
    extension(subjectKeyIdOid, element(tag.octetString, subjectKeyId)),
  ]);
}

/** Extensions of a leaf. */
export function endEntityExtensions(
  usage: CertificateUsage,
  authorityKeyId: Buffer | undefined,
  dnsNames: readonly string[],
  ipAddresses: readonly string[],
): Buffer {
  const parts = [leafExtensions[usage]];
  if (authorityKeyId !== undefined) {
    const keyId = element(contextTag(0, "primitive"), authorityKeyId);
    parts.push(extension(authorityKeyIdOid, sequence(keyId)));
  }
  const names = [
    ...dnsNames.map((name) => element(contextTag(2, "primitive"), Buffer.from(name, "latin1"))),
    ...ipAddresses.map((address) => element(contextTag(7, "primitive"), ipAddressBytes(address))),
  ];
  if (names.length > 0) parts.push(extension(subjectAltNameOid, sequence(...names)));
  return Buffer.concat(parts);
}
const authorityKeyIdOid = oid("2.5.29.35");
const subjectAltNameOid = oid("2.5.29.17");

/**
 * A serial number that is positive and has no padding byte, which Go's parser insists on: 01 in the top two bits leaves
 * 126 random bits (RFC 5280 §4.1.2.2 allows 20 bytes).
 */
function serialNumber(): Buffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return element(tag.integer, serial);
}

/** Everything that goes into a certificate, already encoded. */
export interface CertificateFields {
  /** Raw bytes: Go compares them with the authority's subject byte by byte. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly subjectPublicKeyInfo: Buffer;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly extensions: Buffer;
}

/** Signs a certificate (RFC 5280 §4.1) and returns its DER. */
export function signCertificate(fields: CertificateFields, signer: KeyObject): Buffer {
  const toBeSigned = sequence(
    version3,
    serialNumber(),
    ecdsaWithSha256,
    fields.issuer,
    sequence(time(fields.notBeforeMs), time(fields.notAfterMs)),
    fields.subject,
    fields.subjectPublicKeyInfo,
    element(contextTag(3, "constructed"), sequence(fields.extensions)),
  );
  return sequence(toBeSigned, ecdsaWithSha256, bitString(sign("sha256", toBeSigned, signer)));
}
