import { createPrivateKey, sign } from "node:crypto";
import { bitString, contextTag, element, oid, sequence, tag } from "./der.ts";
import { distinguishedName } from "./distinguished-name.ts";
import type { KeyPair } from "./key-pair.ts";
import { fromPem, toPem } from "./pem.ts";

const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"));
const version1 = element(tag.integer, Buffer.of(0));
const noAttributes = element(contextTag(0, "constructed"));

/**
 * A PKCS #10 request (RFC 2986 §4) as PEM: what a kubelet without a certificate asks the cluster to sign.
 * @param keyPair P-256; the request is signed with it, which proves that we hold it
 */
export function certificateSigningRequest(
  commonName: string,
  organizations: readonly string[],
  keyPair: KeyPair,
): string {
  const information = sequence(
    version1,
    distinguishedName(commonName, organizations),
    fromPem("PUBLIC KEY", keyPair.publicKeyPem),
    noAttributes,
  );
  const signature = sign("sha256", information, createPrivateKey(keyPair.keyPem));
  return toPem("CERTIFICATE REQUEST", sequence(information, ecdsaWithSha256, bitString(signature)));
}
