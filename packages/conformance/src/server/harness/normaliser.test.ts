import { describe, expect, it } from "vitest";
import { Normaliser, withoutListVersion } from "./normaliser.ts";

const uid = (digit: string): string => `${digit.repeat(8)}-1111-4111-8111-111111111111`;
const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");

function object(name: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    metadata: { name, namespace: "case-1", uid: uid("a"), resourceVersion: "17", creationTimestamp: now, ...more },
  };
}

describe("Normaliser", () => {
  it("makes the answers of two servers equal that differ in uids, versions and times", () => {
    const other = {
      uid: uid("b"),
      resourceVersion: "905",
      creationTimestamp: new Date(Date.now() - 5000).toISOString().replace(/\.\d+Z$/, "Z"),
    };
    expect(new Normaliser("case-1").value(object("a"))).toEqual(new Normaliser("case-1").value(object("a", other)));
  });

  it("tells the same version from another one", () => {
    const normaliser = new Normaliser("case-1");
    const versions = ["17", "17", "18", "17"].map((resourceVersion) => {
      const { metadata } = normaliser.value(object("a", { resourceVersion })) as { metadata: Record<string, string> };
      return metadata["resourceVersion"];
    });
    expect(versions).toEqual(["<rv of a 1>", "<rv of a 1>", "<rv of a 2>", "<rv of a 1>"]);
  });

  it("numbers each object for itself", () => {
    const normaliser = new Normaliser("case-1");
    normaliser.value(object("extra"));
    expect(normaliser.value(object("a", { uid: uid("c"), resourceVersion: "30" }))).toMatchObject({
      metadata: { uid: "<uid of a 1>", resourceVersion: "<rv of a 1>" },
    });
  });

  it("keeps times that a case sent, and the shape of those of now", () => {
    const normaliser = new Normaliser("case-1");
    const micro = now.replace("Z", ".123456Z");
    expect(normaliser.value({ old: "2001-01-01T00:00:00Z", now, micro })).toEqual({
      old: "2001-01-01T00:00:00Z",
      now: "<time>",
      micro: "<time with 6 digits>",
    });
  });

  it("knows names that the server made wherever they appear", () => {
    const normaliser = new Normaliser("case-1");
    normaliser.value({ metadata: { generateName: "made-", name: "made-x7k2p" } });
    expect(normaliser.text('configmaps "made-x7k2p" not found in case-1')).toBe(
      'configmaps "<made of made- 1>" not found in {ns}',
    );
  });

  it("does not compare where a list or a bookmark is, nor how it goes on", () => {
    const list = { metadata: { resourceVersion: "99", continue: "eyJ2Ijoi" }, items: [] };
    expect(new Normaliser("x").value(withoutListVersion(list))).toEqual({
      metadata: { resourceVersion: "<latest>", continue: "<continue>" },
      items: [],
    });
  });

  it("finds versions and uids inside of messages", () => {
    const normaliser = new Normaliser("case-1");
    normaliser.value(object("a"));
    const message = `Precondition failed: UID in precondition: ${uid("9")}, UID in object meta: ${uid("a")}`;
    expect(normaliser.value({ message })).toEqual({
      message: "Precondition failed: UID in precondition: <uid 1>, UID in object meta: <uid of a 1>",
    });
    expect(normaliser.value({ message: "too old resource version: 1 (4711)" })).toEqual({
      message: "too old resource version: 1 (<latest>)",
    });
  });

  it("opens tokens and leaves out when", () => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const token = (iat: number): string =>
      `${part({ alg: "ES256", kid: "k" })}.${part({ sub: "x", iat, nbf: iat, exp: iat + 3600 })}.sig`;
    const opened = new Normaliser("case-1").value({ token: token(1000) });
    expect(opened).toEqual(new Normaliser("case-1").value({ token: token(5000) }));
    expect(opened).toMatchObject({ token: { jwt: { claims: { sub: "x" }, lifetimeS: 3600, notBefore: true } } });
  });
});
