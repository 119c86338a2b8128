import { describe, expect, it } from "vitest";
import type { HeaderList } from "../client-context.ts";
import { credentialHeaders } from "./credential-headers.ts";
import type { CredentialSource } from "./credential-source.ts";

function source(): CredentialSource & { current: HeaderList; invalidated: unknown[] } {
  const self = {
    current: [["authorization", "Bearer a"]] as HeaderList,
    invalidated: [] as unknown[],
    headers: () => Promise.resolve(self.current),
    tls: () => Promise.resolve(undefined),
    invalidate: (used?: unknown) => void self.invalidated.push(used),
  };
  return self;
}

describe("credentialHeaders", () => {
  it("joins the credentials with what always goes with them, and keeps the list while they stay", async () => {
    const from = source();
    const { headers } = credentialHeaders(from, [["impersonate-user", "u"]]);
    if (typeof headers !== "function") throw new Error("headers are asked for");
    const first = await headers();
    expect(first).toEqual([
      ["authorization", "Bearer a"],
      ["impersonate-user", "u"],
    ]);
    expect(await headers()).toBe(first);
    from.current = [["authorization", "Bearer b"]];
    expect((await headers())[0]).toEqual(["authorization", "Bearer b"]);
  });

  it("has refused credentials replaced, unless newer ones are in use already", async () => {
    const from = source();
    const { headers, onUnauthorized } = credentialHeaders(from, []);
    if (typeof headers !== "function") throw new Error("headers are asked for");
    const old = await headers();
    const refused = from.current;
    onUnauthorized(old);
    from.current = [["authorization", "Bearer b"]];
    await headers();
    onUnauthorized(old);
    expect(from.invalidated).toEqual([refused]);
  });
});
