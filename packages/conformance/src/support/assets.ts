import { AssetsError, type FoundAssets, findAssets } from "@hollowfleet/assets";

const found = await findOrSay();

/** Where there are none it says so once; with HOLLOW_REQUIRE_ASSETS=1, which CI sets, it throws instead. */
async function findOrSay(): Promise<FoundAssets | undefined> {
  try {
    return await findAssets();
  } catch (error) {
    if (!(error instanceof AssetsError) || process.env["HOLLOW_REQUIRE_ASSETS"] === "1") throw error;
    process.stderr.write(`skipped: ${error.message}; ${error.remedy}\n`);
    return undefined;
  }
}

/** The control-plane binaries of this machine, for `describe.skipIf(assets === undefined)`. */
export async function assetsOrSkip(): Promise<FoundAssets | undefined> {
  return found;
}

/** For `describe.skipIf(noAssets)`. */
export const noAssets: boolean = found === undefined;

/** The binaries inside of a suite that `noAssets` guards. */
export function requireAssets(): FoundAssets {
  if (found === undefined) throw new Error("this test needs the control-plane binaries");
  return found;
}
