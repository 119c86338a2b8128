import { parseRunResult } from "@hollowfleet/metrics";
import { describe, expect, it } from "vitest";
import { runResult } from "../testing/run-result.ts";
import { renderJson } from "./json.ts";

describe("the JSON report", () => {
  it("is a valid run result that reads back as it was", async () => {
    const result = runResult();
    expect(await parseRunResult(renderJson(result))).toEqual(result);
  });
});
