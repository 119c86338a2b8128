import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withLock } from "./lock.mjs";

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "launch-lock-"));
  lock = join(folder, "dist", "lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

const never = (pid: number): void => {
  throw new Error(`waited for ${pid}`);
};

test("the lock names its owner while held and is gone afterwards, also after a failure", async () => {
  const seen = await withLock(lock, never, async () => readFileSync(lock, "utf8"));
  expect(seen).toMatch(new RegExp(`^${process.pid} `));
  await expect(withLock(lock, never, () => Promise.reject(new Error("work failed")))).rejects.toThrow("work failed");
  expect(existsSync(lock)).toBe(false);
});

test("a lock of a process that is gone is taken over", async () => {
  await withLock(lock, never, async () => {});
  writeFileSync(lock, "999999999 1");
  expect(await withLock(lock, never, async () => "mine")).toBe("mine");
});

test("a lock whose pid was given to another process since is taken over", async () => {
  await withLock(lock, never, async () => {});
  writeFileSync(lock, `${process.pid} 1`);
  expect(await withLock(lock, never, async () => "mine")).toBe("mine");
});

test("a living owner is waited for, and named once", async () => {
  const waits: number[] = [];
  let release = (): void => {};
  const first = withLock(lock, never, () => new Promise<void>((resolve) => (release = resolve)));
  const second = withLock(
    lock,
    (pid) => {
      waits.push(pid);
      release();
    },
    async () => "second",
  );
  await first;
  expect(await second).toBe("second");
  expect(waits).toEqual([process.pid]);
});

test("processes that find one stale lock together still enter one by one", async () => {
  const counter = join(folder, "counter");
  writeFileSync(counter, "0");
  await withLock(lock, never, async () => {});
  writeFileSync(lock, "999999999 1");
  const script = `
    import { readFileSync, writeFileSync } from "node:fs";
    import { setTimeout as sleep } from "node:timers/promises";
    import { withLock } from ${JSON.stringify(new URL("lock.mjs", import.meta.url).href)};
    const [lock, counter] = process.argv.slice(1);
    await withLock(lock, () => {}, async () => {
      const before = Number(readFileSync(counter, "utf8"));
      await sleep(5);
      writeFileSync(counter, String(before + 1));
    });`;
  const run = promisify(execFile);
  const args = ["--input-type=module", "-e", script, lock, counter];
  await Promise.all(Array.from({ length: 6 }, () => run(process.execPath, args)));
  expect(readFileSync(counter, "utf8")).toBe("6");
});
