import { AssetsError, type FoundAssets, findAssets } from "@hollowfleet/assets";

/**
 * The control-plane binaries of this machine, for `describe.skipIf(assets === undefined)`. Where there are none it says
 * so and returns undefined; with HOLLOW_REQUIRE_ASSETS=1, as CI sets, it throws instead.
 */
export async function assetsOrSkip(): Promise<FoundAssets | undefined> {
  try {
    return await findAssets();
  } catch (error) {
    if (!(error instanceof AssetsError) || process.env["HOLLOW_REQUIRE_ASSETS"] === "1") throw error;
    process.stderr.write(`skipped: ${error.message}; ${error.remedy}\n`);
    return undefined;
  }
}

const found = await assetsOrSkip();

/** For `describe.skipIf(noAssets)`. */
export const noAssets: boolean = found === undefined;

/** The binaries inside of a suite that `noAssets` guards. */
export function requireAssets(): FoundAssets {
  if (found === undefined) throw new Error("this test needs the control-plane binaries");
  return found;
}
