import { createHash } from "node:crypto";
import { contextTag, type Element, oid, readElements } from "./der.ts";
import { PkiError } from "./pki-error.ts";

/** The parts of an authority's certificate that its leaves repeat byte by byte. */
export interface AuthorityCertificate {
  readonly subject: Buffer;
  readonly subjectPublicKeyInfo: Buffer;
  readonly keyId: Buffer | undefined;
  readonly notAfterMs: number;
}

/** Reads them out of DER. Throws PkiError when it is no certificate of version 3. */
export function readAuthorityCertificate(der: Buffer): AuthorityCertificate {
  const fields = descend(descend({ contents: der }, 0), 0);
  const parts = readElements(fields.contents);
  const [validityElement, subject, subjectPublicKeyInfo] = parts.slice(4);
  const extensions = parts.find((part) => part.tag === contextTag(3, "constructed"));
  if (validityElement === undefined || subject === undefined || subjectPublicKeyInfo === undefined) {
    throw new PkiError("invalid-material", "not a version 3 certificate");
  }
  return {
    subject: subject.raw,
    subjectPublicKeyInfo: subjectPublicKeyInfo.raw,
    keyId: extensions === undefined ? undefined : readSubjectKeyId(descend(extensions, 0)),
    notAfterMs: readTimeMs(descend(validityElement, 1)),
  };
}

const subjectKeyIdOid = oid("2.5.29.14");

function readSubjectKeyId(extensions: Element): Buffer | undefined {
  for (const extension of readElements(extensions.contents)) {
    const [type, value] = readElements(extension.contents);
    if (type !== undefined && value !== undefined && type.raw.equals(subjectKeyIdOid)) {
      return descend(value, 0).contents;
    }
  }
  return undefined;
}

function readTimeMs(element: Element): number {
  const digits = element.contents.toString("latin1");
  // Two digits of a year: 50 to 99 mean the last century (RFC 5280 §4.1.2.5.1).
  const full = digits.length === 13 ? `${digits < "50" ? "20" : "19"}${digits}` : digits;
  const ms = Date.parse(full.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (Number.isNaN(ms)) throw new PkiError("invalid-material", `"${digits}" is not a time`);
  return ms;
}

function descend(element: Pick<Element, "contents">, index: number): Element {
  const found = readElements(element.contents)[index];
  if (found === undefined) throw new PkiError("invalid-material", "a certificate has too few fields");
  return found;
}

/** SHA-1 of the key's bits: method 1 of RFC 5280 §4.2.1.2. */
export function keyIdentifier(subjectPublicKeyInfo: Buffer): Buffer {
  const bits = readElements(readElements(subjectPublicKeyInfo)[0]?.contents ?? subjectPublicKeyInfo)[1];
  if (bits === undefined) throw new PkiError("invalid-material", "no key bits in a public key");
  return createHash("sha1").update(bits.contents.subarray(1)).digest();
}
