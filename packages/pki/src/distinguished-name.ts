import { element, oid, sequence, tag } from "./der.ts";

const commonNameOid = oid("2.5.4.3");
const organizationOid = oid("2.5.4.10");

function attribute(type: Buffer, value: string): Buffer {
  return element(tag.set, sequence(type, element(tag.utf8String, Buffer.from(value, "utf8"))));
}

/**
 * A distinguished name. Kubernetes reads the common name as the user and each organization as a group
 * (k8s.io/apiserver/pkg/authentication/request/x509).
 */
export function distinguishedName(commonName: string, organizations: readonly string[]): Buffer {
  return sequence(...organizations.map((o) => attribute(organizationOid, o)), attribute(commonNameOid, commonName));
}
