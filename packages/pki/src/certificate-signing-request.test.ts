import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { certificateSigningRequest } from "./certificate-signing-request.ts";
import { generateKeyPair } from "./key-pair.ts";

describe("certificateSigningRequest", () => {
  it("is read, and its signature verified, by OpenSSL", () => {
    const pem = certificateSigningRequest("system:node:n1", ["system:nodes"], generateKeyPair());
    const text = execFileSync("openssl", ["req", "-verify", "-noout", "-subject"], {
      input: pem,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    });
    expect(text.replaceAll(" ", "")).toContain("O=system:nodes,CN=system:node:n1");
  });
});
