export {
  type Authority,
  type AuthorityOptions,
  type CertificateAndKey,
  type CertificateRequest,
  createAuthority,
  loadAuthority,
} from "./authority.ts";
export type { CertificateUsage } from "./certificate.ts";
export { certificateSigningRequest } from "./certificate-signing-request.ts";
export { generateKeyPair, type KeyPair } from "./key-pair.ts";
export { PkiError, type PkiErrorCode } from "./pki-error.ts";
