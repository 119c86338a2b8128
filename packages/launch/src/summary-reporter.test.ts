import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { summaryLine } from "./summary-reporter.mjs";

const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const reporter = new URL("summary-reporter.mjs", import.meta.url).pathname;

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Runs vitest itself, with the default reporter beside ours, on the given test file. */
function runVitest(testFile: string): { status: number | null; lastLine: string | undefined } {
  const root = mkdtempSync(join(tmpdir(), "launch-summary-"));
  folders.push(root);
  writeFileSync(join(root, "a.test.mjs"), testFile);
  writeFileSync(
    join(root, "vitest.config.mjs"),
    `import { SummaryReporter } from ${JSON.stringify(reporter)};
     export default { test: { globals: true, maxWorkers: 1, reporters: ["default", new SummaryReporter()] } };`,
  );
  const { status, stdout } = spawnSync(process.execPath, [vitest, "run", "--root", root], { encoding: "utf8" });
  expect(stdout.endsWith("\n")).toBe(true);
  return { status, lastLine: stdout.trimEnd().split("\n").at(-1) };
}

test("skipped tests are named only if there are any", () => {
  expect(summaryLine({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
  expect(summaryLine({ passed: 3, failed: 1, skipped: 2 })).toBe("3 passed, 1 failed, 2 skipped");
});

test("the last line of a good run", () => {
  const tests = 'test("a", () => {}); test("b", () => {}); test.skip("c", () => {}); test.todo("d");';
  expect(runVitest(tests)).toEqual({ status: 0, lastLine: "2 passed, 0 failed, 2 skipped" });
});

test("failed tests, throwing hooks and unhandled rejections are failures", () => {
  const tests = `
    test("good", () => {});
    test("bad", () => { throw new Error("bad"); });
    describe("with a hook", () => { beforeAll(() => { throw new Error("hook"); }); test("not run", () => {}); });
    test("late", () => { Promise.reject(new Error("unhandled")); });`;
  expect(runVitest(tests)).toEqual({ status: 1, lastLine: "2 passed, 3 failed, 1 skipped" });
});

test("a file that does not load is a failure", () => {
  expect(runVitest("import './missing.mjs'; test('a', () => {});")).toEqual({
    status: 1,
    lastLine: "0 passed, 1 failed",
  });
});
