import { createPrivateKey } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";

/** What a TLS client shows and trusts. */
export interface TlsIdentity {
  /** PEM of the trusted roots; default: the machine's. */
  readonly caPem?: string;
  /** PEM of our certificate, followed by its intermediates if there are any. */
  readonly certPem?: string;
  readonly keyPem?: string;
}

/** The two setters of Node's native context; they are not documented, so their absence is provided for. */
interface NativeContext {
  setCert?(pem: string): void;
  setKey?(pem: string, passphrase?: string): void;
}

/** Contexts that are re-keyed, one per roots and key type of this thread. */
const shared = new Map<string, SecureContext>();

/**
 * A context for exactly one `tls.connect`, which must follow in the same turn: an SSL object copies certificate and key
 * when it is made, so that one context serves many identities in turn. A context costs about 35 KB, a connection that
 * shares one about 60 KB (DESIGN §5).
 *
 * @param share default true; false makes a context of its own, which is also what a Node without the setters gets
 */
export function secureContextFor(identity: TlsIdentity, share = true): SecureContext {
  const { caPem, certPem, keyPem } = identity;
  if (certPem === undefined || keyPem === undefined) return share ? sharedContext(caPem, "none") : ownContext(identity);
  // OpenSSL keeps one certificate per key type, and would offer the stale one of the other type.
  const context = share ? sharedContext(caPem, createPrivateKey(keyPem).asymmetricKeyType ?? "none") : undefined;
  const native = context?.context as NativeContext | undefined;
  if (context === undefined || native?.setCert === undefined || native.setKey === undefined)
    return ownContext(identity);
  // In this order: setting a certificate drops a key that does not fit, setting such a key fails.
  native.setCert(certPem);
  native.setKey(keyPem);
  return context;
}

function sharedContext(caPem: string | undefined, keyType: string): SecureContext {
  const id = `${keyType}\n${caPem ?? ""}`;
  let context = shared.get(id);
  if (context === undefined) {
    context = createSecureContext(caPem === undefined ? {} : { ca: caPem });
    shared.set(id, context);
  }
  return context;
}

function ownContext(identity: TlsIdentity): SecureContext {
  return createSecureContext({
    ...(identity.caPem === undefined ? {} : { ca: identity.caPem }),
    ...(identity.certPem === undefined ? {} : { cert: identity.certPem }),
    ...(identity.keyPem === undefined ? {} : { key: identity.keyPem }),
  });
}
