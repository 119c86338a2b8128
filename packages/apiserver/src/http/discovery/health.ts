import { type Answer, textAnswer } from "../answer.ts";
import type { PageRequest } from "../server-context.ts";

/** One thing that can be wrong. */
export interface HealthCheck {
  readonly name: string;
  readonly isHealthy: () => boolean;
}

export interface HealthChecks {
  /** Also those of /healthz. */
  readonly live: readonly HealthCheck[];
  readonly ready: readonly HealthCheck[];
}

/** /healthz, /livez, /readyz and the single checks below them (apiserver/pkg/server/healthz/healthz.go). */
export function healthAnswer(checks: HealthChecks, request: PageRequest): Answer | undefined {
  const [, page = "", name, ...more] = request.path.split("/");
  const own = page === "readyz" ? checks.ready : page === "livez" || page === "healthz" ? checks.live : undefined;
  if (own === undefined || more.length > 0) return undefined;
  if (name === undefined) return allChecks(page, own, request);
  const check = own.find((known) => known.name === name);
  if (check === undefined) return undefined;
  if (!check.isHealthy()) return textAnswer(500, "internal server error: it is shutting down\n");
  return { httpCode: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: Buffer.from("ok") };
}

function allChecks(page: string, checks: readonly HealthCheck[], { query }: PageRequest): Answer {
  const excluded = new Set(query.all("exclude"));
  const lines: string[] = [];
  let failed = false;
  for (const { name, isHealthy } of checks) {
    if (excluded.delete(name)) lines.push(`[+]${name} excluded: ok\n`);
    else if (isHealthy()) lines.push(`[+]${name} ok\n`);
    else {
      failed = true;
      lines.push(`[-]${name} failed: reason withheld\n`);
    }
  }
  if (excluded.size > 0) {
    const names = [...excluded].sort().map((name) => JSON.stringify(name));
    lines.push(`warn: some health checks cannot be excluded: no matches for ${names.join(",")}\n`);
  }
  if (failed) return textAnswer(500, `${lines.join("")}${page} check failed\n`);
  return textAnswer(200, query.has("verbose") ? `${lines.join("")}${page} check passed\n` : "ok");
}
