/** The package of a group's internal Go types, by which errors name them: "core", "apps". */
export function goPackage(apiVersion: string): string {
  const at = apiVersion.indexOf("/");
  if (at < 0) return "core";
  return apiVersion.slice(0, at).split(".", 1)[0] ?? "";
}
