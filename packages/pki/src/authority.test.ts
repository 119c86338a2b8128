import { execFileSync } from "node:child_process";
import { createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer, type PeerCertificate, type TLSSocket } from "node:tls";
import { ManualClock } from "@hollowfleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CertificateRequest, createAuthority, loadAuthority } from "./authority.ts";
import { generateKeyPair } from "./key-pair.ts";
import { PkiError } from "./pki-error.ts";

const authority = createAuthority({ commonName: "hollow-ca", organization: "Hollowfleet", validityDays: 30 });
const sharedKey = generateKeyPair();

describe("createAuthority", () => {
  it("makes a self-signed authority", () => {
    const certificate = new X509Certificate(authority.certPem);
    expect(certificate.ca).toBe(true);
    expect(certificate.subject).toBe("O=Hollowfleet\nCN=hollow-ca");
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
  });

  it("bounds every certificate by the clock and by its own end", () => {
    const clock = new ManualClock(Date.UTC(2049, 11, 1));
    const short = createAuthority({ commonName: "short", validityDays: 60, clock });
    const own = new X509Certificate(short.certPem);
    const leaf = new X509Certificate(short.issue({ commonName: "leaf", usage: "client", validityDays: 365 }).certPem);
    expect(Date.parse(own.validFrom)).toBe(clock.nowMs() - 300_000);
    // Past 2049, where the encoding of times changes.
    expect(Date.parse(own.validTo)).toBe(clock.nowMs() + 60 * 86_400_000);
    expect(leaf.validTo).toBe(own.validTo);
  });
});

describe("issue", () => {
  it("signs what was asked for", () => {
    const issued = authority.issue({
      commonName: "system:node:hollow-1",
      organizations: ["system:nodes", "système"],
      dnsNames: ["localhost", "kubernetes.default.svc"],
      ipAddresses: ["127.0.0.1", "::1", "2001:db8::ffff:10.0.0.1"],
      usage: "both",
      keyPair: sharedKey,
    });
    const certificate = new X509Certificate(issued.certPem);
    expect(certificate.subject).toContain("O=system:nodes");
    expect(certificate.subject).toContain("CN=system:node:hollow-1");
    expect(certificate.subjectAltName).toBe(
      "DNS:localhost, DNS:kubernetes.default.svc, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:2001:DB8:0:0:0:FFFF:A00:1",
    );
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    expect(certificate.checkIssued(new X509Certificate(authority.certPem))).toBe(true);
    expect(certificate.verify(createPublicKey(authority.certPem))).toBe(true);
    expect(certificate.publicKey.export({ type: "spki", format: "pem" })).toBe(sharedKey.publicKeyPem);
    expect(issued.keyPem).toBe(sharedKey.keyPem);
  });

  it("never pads or repeats a serial number", () => {
    const serials = Array.from({ length: 500 }, () => {
      const { certPem } = authority.issue({ commonName: "n", usage: "client", keyPair: sharedKey });
      return new X509Certificate(certPem).serialNumber;
    });
    expect(new Set(serials).size).toBe(500);
    // Go refuses a leading zero byte and negative numbers alike.
    expect(serials.every((serial) => serial.length === 32 && serial >= "40" && serial < "80")).toBe(true);
  });

  it("keeps any name that Kubernetes could ask for", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 300, unit: "grapheme-ascii" }), (commonName) => {
        const { certPem } = authority.issue({ commonName, usage: "client", keyPair: sharedKey });
        const legacy = new X509Certificate(certPem).toLegacyObject() as PeerCertificate;
        expect(legacy.subject.CN).toBe(commonName);
      }),
      { numRuns: 200 },
    );
  });

  it("works the same from its serialized form", () => {
    const copy = loadAuthority(structuredClone({ certPem: authority.certPem, keyPem: authority.keyPem }));
    const issued = new X509Certificate(copy.issue({ commonName: "n", usage: "client" }).certPem);
    expect(issued.checkIssued(new X509Certificate(authority.certPem))).toBe(true);
    expect(issued.verify(createPublicKey(authority.certPem))).toBe(true);
  });

  it.each<[string, CertificateRequest]>([
    ["an address", { commonName: "n", usage: "server", ipAddresses: ["300.1.1.1"] }],
    ["a scoped address", { commonName: "n", usage: "server", ipAddresses: ["fe80::1%lo"] }],
    ["a DNS name", { commonName: "n", usage: "server", dnsNames: ["ä.example"] }],
    ["a validity", { commonName: "n", usage: "server", validityDays: 0 }],
  ])("refuses %s that a certificate cannot hold", (_, request) => {
    expect(() => authority.issue(request)).toThrow(PkiError);
  });
});

describe("loadAuthority", () => {
  it("refuses what is no pair", () => {
    const other = createAuthority({ commonName: "other" });
    const load = (certPem: string, keyPem: string) => () => loadAuthority({ certPem, keyPem });
    expect(load(authority.certPem, other.keyPem)).toThrow(/does not belong/);
    expect(load(authority.certPem, "nonsense")).toThrow(PkiError);
    expect(load("nonsense", authority.keyPem)).toThrow(PkiError);
    expect(load(authority.certPem.replace(/^.{64}\n/m, ""), authority.keyPem)).toThrow(PkiError);
  });
});

describe("on a connection", () => {
  it("authenticates both sides", async () => {
    const server = authority.issue({ commonName: "server", ipAddresses: ["127.0.0.1"], usage: "server" });
    const client = authority.issue({ commonName: "system:node:n1", organizations: ["system:nodes"], usage: "client" });
    const stranger = createAuthority({ commonName: "hollow-ca", organization: "Hollowfleet" });
    const listener = createServer({
      ca: authority.certPem,
      cert: server.certPem,
      key: server.keyPem,
      requestCert: true,
      rejectUnauthorized: false,
    });
    listener.on("secureConnection", (socket: TLSSocket) => {
      const { CN, O } = socket.getPeerCertificate().subject;
      socket.end(`${socket.authorized} ${CN} ${O}`);
    });
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const { port } = listener.address() as { port: number };
    const greet = (identity: { certPem: string; keyPem: string }) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect({
          port,
          host: "127.0.0.1",
          ca: authority.certPem,
          cert: identity.certPem,
          key: identity.keyPem,
        });
        socket.on("error", reject).on("data", (data) => resolve(data.toString()));
      });
    try {
      expect(await greet(client)).toBe("true system:node:n1 system:nodes");
      const forged = stranger.issue({ commonName: "system:node:n1", organizations: ["system:nodes"], usage: "client" });
      expect(await greet(forged)).toBe("false system:node:n1 system:nodes");
    } finally {
      await new Promise((resolve) => listener.close(resolve));
    }
  });
});

const opensslMissing = (() => {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return false;
  } catch {
    return true;
  }
})();

describe.skipIf(opensslMissing)("in the eyes of openssl", () => {
  it("is a valid chain for its purpose", () => {
    const folder = mkdtempSync(join(tmpdir(), "hollow-pki-"));
    try {
      const leaf = authority.issue({ commonName: "n", dnsNames: ["localhost"], usage: "client", keyPair: sharedKey });
      writeFileSync(join(folder, "ca.pem"), authority.certPem);
      writeFileSync(join(folder, "leaf.pem"), leaf.certPem);
      const verify = (purpose: string) =>
        execFileSync("openssl", ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", "ca.pem", "leaf.pem"], {
          cwd: folder,
          stdio: "pipe",
        }).toString();
      expect(verify("sslclient")).toContain("leaf.pem: OK");
      expect(() => verify("sslserver")).toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
