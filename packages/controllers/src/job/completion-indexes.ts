/** Completed indexes as status.completedIndexes has them: "0,2,4-7" (job/indexed_job_utils.go). */
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...new Set(indexes)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let at = 0; at < sorted.length; ) {
    const first = sorted[at] as number;
    let end = at + 1;
    while (sorted[end] === first + (end - at)) end += 1;
    const last = sorted[end - 1] as number;
    parts.push(last === first ? `${first}` : last === first + 1 ? `${first},${last}` : `${first}-${last}`);
    at = end;
  }
  return parts.join(",");
}

/** Reads them, those from `completions` on left out. */
export function parseIndexes(text: string | undefined, completions: number): Set<number> {
  const indexes = new Set<number>();
  for (const part of (text ?? "").split(",")) {
    const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (from === undefined) continue;
    const last = Math.min(Number(to ?? from), completions - 1);
    for (let index = Number(from); index <= last; index++) indexes.add(index);
  }
  return indexes;
}

/** The first indexes that are neither done nor being worked on. */
export function pendingIndexes(taken: ReadonlySet<number>, count: number, completions: number): number[] {
  const pending: number[] = [];
  for (let index = 0; index < completions && pending.length < count; index++) {
    if (!taken.has(index)) pending.push(index);
  }
  return pending;
}
