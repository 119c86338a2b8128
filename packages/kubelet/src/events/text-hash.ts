/** Between two texts of a list, so that ("a", "bc") and ("ab", "c") differ. */
const separator = 0x1f;

/** 32 bits of FNV-1a, never 0: to tell apart the few events about one object. */
export function textHash32(...texts: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ separator, 0x01000193);
  }
  return hash | 0 || 1;
}

/**
 * 53 bits of two hashes, as a number: a cache key of 16 bytes where the texts themselves would take hundreds. Among a
 * thousand keys two are equal once in 10^10.
 */
export function textHash(...texts: readonly string[]): number {
  let other = 0x9e3779b9;
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) other = Math.imul(other ^ text.charCodeAt(i), 0x85ebca6b) ^ (other >>> 13);
    other = Math.imul(other ^ separator, 0x85ebca6b) ^ (other >>> 13);
  }
  return (textHash32(...texts) >>> 0) * 2 ** 21 + ((other >>> 0) & 0x1fffff);
}
