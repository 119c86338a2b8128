import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./packages/launch/src/summary-reporter.mjs";

const source = ["@hollowfleet/source"];

export default defineConfig({
  test: {
    reporters: ["default", new SummaryReporter()],
    projects: [
      {
        // The fast loop: siblings resolve to their sources, nothing has to be built.
        resolve: { conditions: source },
        ssr: { resolve: { conditions: source, externalConditions: source } },
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts"],
          exclude: ["packages/conformance/**", "**/*.threads.test.ts", "**/dist/**"],
          restoreMocks: true,
          // Says "it hangs", never "it is slow": a shared machine can be ten times slower than it is alone.
          testTimeout: 60_000,
        },
      },
      {
        // Worker threads and child processes run built JavaScript: Node 20 cannot load .ts in a worker.
        test: {
          name: "built",
          include: ["packages/conformance/src/**/*.test.ts", "packages/*/src/**/*.threads.test.ts"],
          exclude: ["**/dist/**"],
          // Real control planes on two cores: one file at a time, and after the unit tests.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
