/** A span of µs as people read it: three digits, the largest unit that keeps a digit before the point. */
export function span(us: number): string {
  if (us >= 60_000_000) return duration(us / 1000);
  if (us >= 999_500) return `${digits(us / 1e6)} s`;
  if (us >= 999.5) return `${digits(us / 1000)} ms`;
  return `${Math.round(us)} µs`;
}

/** A duration of milliseconds as "9.3 s", "2m 04s" or "1h 02m". */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (ms < 59_950) return `${digits(ms / 1000)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h ${two(Math.floor((seconds % 3600) / 60))}m`;
}

/** A place in time from the run's start, "0:07", "12:30", "1:02:03". */
export function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** "10,000" */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** "1 node", "2 nodes". */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}

/** A share between 0 and 1 as "0 %", "0.04 %", "12.3 %". A share that is not whole is never shown as 0 or 100 %. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0 || value === 100) return `${value} %`;
  if (value < 1) return `${value < 0.01 ? "< 0.01" : trimmed(value, 2)} %`;
  if (value > 99 && value < 100) return `${trimmed(Math.min(value, 99.99), 2)} %`;
  return `${trimmed(value, 1)} %`;
}

/** Bytes in the units of Kubernetes' own quantities: "412 MiB". */
export function bytes(value: number): string {
  for (const [unit, size] of [
    ["GiB", 2 ** 30],
    ["MiB", 2 ** 20],
    ["KiB", 2 ** 10],
  ] as const) {
    if (value >= size) return `${digits(value / size)} ${unit}`;
  }
  return `${Math.round(value)} B`;
}

/** Three significant digits, without trailing zeros: 49.5, 1.25, 30, 999. */
function digits(value: number): string {
  return trimmed(value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
}

function trimmed(value: number, places: number): string {
  return String(Number(value.toFixed(places)));
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
