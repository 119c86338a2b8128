const textsMax = 1024;
const texts = new Map<string, string>();

/**
 * The shared copy of a text that many nodes use. A decoded object brings texts of its own; kept for thousands of nodes
 * they would take more than everything else. Only the first 1,024 different texts are shared, so that nothing grows.
 */
export function sharedText(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size < textsMax) texts.set(text, text);
  return text;
}

/** A map of texts made of shared ones, but for those that equal `own`, which is the node's name. */
export function sharedTexts(map: Readonly<Record<string, string>>, own: string): Readonly<Record<string, string>> {
  const copy: Record<string, string> = {};
  for (const [key, value] of Object.entries(map)) copy[sharedText(key)] = value === own ? own : sharedText(value);
  return copy;
}
