/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * @param {Counts} counts
 * @returns {string} `N passed, N failed`, and `, N skipped` if there are any
 */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** Prints the counts alone on the very last line, for a reader that knows nothing about vitest. */
export class SummaryReporter {
  /** @type {Counts} */
  #counts = { passed: 0, failed: 0, skipped: 0 };

  onInit() {
    // Other reporters, and vitest's own complaints, may still print after the last test.
    process.once("exit", (code) => {
      const { passed, failed, skipped } = this.#counts;
      // A run that ended badly without a failed test (no test found, interrupted) is not a pass.
      const atLeast = code === 0 ? 0 : 1;
      process.stdout.write(`${summaryLine({ passed, failed: Math.max(failed, atLeast), skipped })}\n`);
    });
  }

  /**
   * @param {readonly import("vitest/node").TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        // A test that is still pending was never run: an interrupted run has not passed it.
        counts[state === "pending" ? "failed" : state] += 1;
      }
      // Errors outside of tests: a file that does not load, a hook that throws.
      counts.failed += module.errors().length;
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
    }
    this.#counts = counts;
  }
}
