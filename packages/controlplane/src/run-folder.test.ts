import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ControlPlaneError } from "./control-plane-error.ts";
import { createRunFolder } from "./run-folder.ts";

const parent = mkdtempSync(join(tmpdir(), "hollowfleet-test-"));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

describe("createRunFolder", () => {
  it("makes a folder for each run and removes data and keys, or everything", () => {
    const [one, other] = [createRunFolder(join(parent, "runs")), createRunFolder(join(parent, "runs"))];
    expect(one.dir).not.toBe(other.dir);
    one.remove(false);
    expect([existsSync(one.dataDir), existsSync(one.pkiDir), existsSync(one.logsDir)]).toEqual([false, false, true]);
    one.remove(true);
    expect([existsSync(one.dir), existsSync(other.dir)]).toEqual([false, true]);
  });

  it("says which folder it could not make", () => {
    const file = join(parent, "file");
    writeFileSync(file, "");
    expect(() => createRunFolder(join(file, "below"))).toThrow(ControlPlaneError);
    expect(() => createRunFolder(join(file, "below"))).toThrow(/file\/below/);
  });
});
