/** The release whose behaviour this server follows. */
const release = "1.36.3";

/** GET /version (apimachinery/pkg/version/types.go). */
export function serverVersion(): Readonly<Record<string, string>> {
  const [major = "", minor = ""] = release.split(".");
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: `v${release}-hollowfleet`,
    gitCommit: "",
    gitTreeState: "clean",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: `node ${process.version}`,
    compiler: "node",
    platform: `${process.platform}/${process.arch}`,
  };
}
