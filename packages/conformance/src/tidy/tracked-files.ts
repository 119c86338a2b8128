/** Hosts that serve npm, Go and Python packages, and the shapes that private mirrors usually have. */
const REGISTRY_HOST =
  /\b(?:registry\.(?:npmjs\.org|yarnpkg\.com|npmmirror\.com)|npm\.pkg\.github\.com|(?:proxy|sum)\.golang\.org|pypi\.org|(?:artifactory|nexus|verdaccio|goproxy)\.[\w-]+\.\w+)\b/;

/** A setting or a lockfile entry that names a registry by its address, whatever the host. */
const REGISTRY_SETTING = /^\s*(?:@[\w-]+:)?registry\s*[=:]\s*["']?https?:|\btarball:\s*["']?https?:/m;

/** Absolute paths of one person's or one machine's folders. */
const MACHINE_PATH = /(?<![\w.$}/-])\/(?:work|root|workspace|tmp\/gob|(?:home|Users)\/[\w.-]+)\//;

/** Faults of any tracked text file, the lockfile included: what is true on one machine only. */
export function trackedFileFaults(path: string, text: string): string[] {
  return [
    [REGISTRY_HOST, "names a package registry's host"],
    [REGISTRY_SETTING, "sets a package registry"],
    [MACHINE_PATH, "names a path of one machine"],
  ].flatMap(([pattern, fault]) => {
    const match = new RegExp(pattern as RegExp).exec(text);
    if (match === null) return [];
    const line = text.slice(0, match.index).split("\n").length;
    return [`${path}:${line}: ${fault as string} (${match[0].trim()})`];
  });
}
