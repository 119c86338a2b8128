import { describe, expect, it } from "vitest";
import { AssetsError, fromFileError } from "./assets-error.ts";
import { readTarEntry } from "./tar.ts";
import { tar } from "./testing/release-server.ts";
import { assetVersions, releaseArchitecture } from "./versions.ts";

describe("fromFileError", () => {
  it.each([
    ["ENOSPC", "disk-full"],
    ["EDQUOT", "disk-full"],
    ["EACCES", "unwritable"],
    ["EROFS", "unwritable"],
  ])("%s is %s, with a remedy", (code, expected) => {
    const error = fromFileError(Object.assign(new Error(code), { code }), "/cache");
    expect(error).toBeInstanceOf(AssetsError);
    expect(error).toMatchObject({
      code: expected,
      message: expect.stringContaining("/cache"),
      remedy: expect.any(String),
    });
  });

  it("leaves the rest alone", () => {
    const bug = new TypeError("x");
    expect(fromFileError(bug, "/cache")).toBe(bug);
  });
});

describe("assetVersions", () => {
  it("pairs each minor with an etcd of its line", () => {
    expect(assetVersions()).toEqual({ kubernetes: "1.36.3", etcd: "3.6.16" });
    expect(assetVersions("v1.33.4")).toEqual({ kubernetes: "1.33.4", etcd: "3.5.21" });
    expect(assetVersions("1.36.0-rc.1").kubernetes).toBe("1.36.0-rc.1");
    for (const bad of ["1.32.0", "1.37.0", "1.36", "", "1.36.3/../../etc"]) {
      expect(() => assetVersions(bad)).toThrow(AssetsError);
    }
  });

  it("knows the machines that there are releases for", () => {
    expect([releaseArchitecture("linux", "x64"), releaseArchitecture("linux", "arm64")]).toEqual(["amd64", "arm64"]);
    expect(() => releaseArchitecture("darwin", "arm64")).toThrow(AssetsError);
    expect(() => releaseArchitecture("linux", "riscv64")).toThrow(AssetsError);
  });
});

describe("readTarEntry", () => {
  it("finds a file by its exact path", () => {
    const archive = tar([
      ["a/etcd.md", Buffer.from("text")],
      ["a/etcd", Buffer.alloc(1500, 7)],
    ]);
    expect(readTarEntry(archive, "a/etcd").equals(Buffer.alloc(1500, 7))).toBe(true);
    expect(() => readTarEntry(archive, "etcd")).toThrow(AssetsError);
    expect(() => readTarEntry(archive.subarray(0, 2000), "a/etcd")).toThrow(AssetsError);
  });
});
