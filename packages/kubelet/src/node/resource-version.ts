/**
 * Whether `version` is later than `than`. Resource versions of one resource are decimal numbers that may be compared
 * (KEP-5504, comparable resource versions); "" is older than all.
 */
export function newerVersion(version: string, than: string): boolean {
  return version.length === than.length ? version > than : version.length > than.length;
}
