import type { Progress } from "@hollowfleet/driver";

/** The live figures as the lines of one block, at most 80 columns wide. Pure. */
export function progressBlock(progress: Progress): string[] {
  const { nodes, pods } = progress;
  return [
    `${clock(progress.elapsedMs)}  ${progress.phase}${left(progress.leftMs)}`,
    `  nodes  ${bar(nodes.ready, nodes.total)} ${nodes.ready}/${nodes.total} Ready, ${nodes.registered} registered`,
    ...(pods.total === 0 && pods.running === 0
      ? []
      : [`  pods   ${bar(pods.running, pods.total)} ${pods.running}/${pods.total} Running, ${pods.pending} pending`]),
    `  calls  ${calls(progress)}`,
  ];
}

/** The same on one line, for logs. Pure. */
export function progressLine(progress: Progress): string {
  const { nodes, pods } = progress;
  return [
    `${clock(progress.elapsedMs)} ${progress.phase}${left(progress.leftMs)}`,
    `nodes ${nodes.ready}/${nodes.total} Ready (${nodes.registered} registered)`,
    ...(pods.total === 0 ? [] : [`pods ${pods.running}/${pods.total} Running (${pods.pending} pending)`]),
    calls(progress),
  ].join(" | ");
}

function calls(progress: Progress): string {
  return [
    `${Math.round(progress.callsPerS)}/s`,
    `p50 ${span(progress.p50Us)}`,
    `p99 ${span(progress.p99Us)}`,
    `errors ${progress.errors}`,
    `429 ${progress.rejected}`,
    `lag p99 ${span(progress.lagP99Us)}`,
  ].join("  ");
}

const barCells = 20;

function bar(done: number, total: number): string {
  const filled = total === 0 ? 0 : Math.min(barCells, Math.floor((done / total) * barCells));
  return `[${"#".repeat(filled)}${".".repeat(barCells - filled)}]`;
}

function left(leftMs: number | undefined): string {
  return leftMs === undefined || leftMs <= 0 ? "" : `, ${clock(leftMs)} to go`;
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function span(us: number | undefined): string {
  if (us === undefined) return "-";
  if (us < 10_000) return `${(us / 1000).toFixed(1)}ms`;
  return us < 1_000_000 ? `${Math.round(us / 1000)}ms` : `${(us / 1e6).toFixed(1)}s`;
}
