import { type FoundAssets, findAssets } from "@hollowfleet/assets";

/**
 * The control-plane binaries, or undefined where there are none; then a test counts as skipped. With
 * HOLLOW_REQUIRE_ASSETS=1, which CI sets, their absence is an error.
 */
export async function assetsIfPresent(): Promise<FoundAssets | undefined> {
  try {
    return await findAssets();
  } catch (error) {
    if (process.env["HOLLOW_REQUIRE_ASSETS"] === "1") throw error;
    return undefined;
  }
}
