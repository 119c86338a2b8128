// The grammar of image references (distribution/reference, regexp.go and normalize.go), as far as the pull policy needs it.

const hostLabel = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const host = `(?:${hostLabel}(?:\\.${hostLabel})*|\\[[0-9a-fA-F:]+\\])(?::\\d+)?`;
const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const path = `(?:${host}/)?${component}(?:/${component})*`;
const digest = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
const reference = new RegExp(`^${path}(?::(\\w[\\w.-]{0,127}))?(@${digest})?$`);
const bareDigest = /^[a-f0-9]{64}$/;

/** The tag of an image; "latest" where it has neither tag nor digest, "" for what is no reference. */
export function imageTag(image: string): string {
  const match = bareDigest.test(image) ? null : reference.exec(image);
  if (match === null) return "";
  const [, tag, digestPart] = match;
  return tag ?? (digestPart === undefined ? "latest" : "");
}

/** Always for what may change, IfNotPresent for what has a name of its own (core/v1/defaults.go). */
export function defaultPullPolicy(image: string): "Always" | "IfNotPresent" {
  return imageTag(image) === "latest" ? "Always" : "IfNotPresent";
}
