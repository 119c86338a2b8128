/** A metav1.Time: RFC 3339 with whole seconds, e.g. 2026-01-01T00:00:00Z. @param ms since the Unix epoch */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
