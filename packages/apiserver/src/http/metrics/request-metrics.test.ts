import { describe, expect, it } from "vitest";
import { parseQuery } from "../routing/query.ts";
import { parseResourcePath } from "../routing/request-path.ts";
import { exposition } from "./families.ts";
import { pageLabels, type RequestLabels, resourceLabels } from "./request-labels.ts";
import { RequestMetrics } from "./request-metrics.ts";

function labels(method: string, target: string, contentType?: string): RequestLabels {
  const [path = "", query = ""] = target.split("?");
  const parsed = parseResourcePath(path);
  if (parsed === undefined) throw new Error(`${path} is no resource`);
  return resourceLabels(method, parsed, parseQuery(query), contentType);
}

describe("resourceLabels", () => {
  it.each([
    ["GET", "/api/v1/pods", undefined, "LIST cluster"],
    ["GET", "/api/v1/namespaces/a/pods", undefined, "LIST namespace"],
    ["GET", "/api/v1/namespaces/a/pods/p", undefined, "GET resource"],
    ["GET", "/api/v1/pods?watch=true", undefined, "WATCH cluster"],
    ["GET", "/api/v1/nodes", undefined, "LIST cluster"],
    ["POST", "/api/v1/namespaces/a/pods", undefined, "POST resource"],
    ["DELETE", "/api/v1/namespaces/a/pods", undefined, "DELETE namespace"],
    ["PATCH", "/api/v1/nodes/n/status", "application/strategic-merge-patch+json", "PATCH resource"],
    ["PATCH", "/api/v1/nodes/n", "application/apply-patch+yaml", "APPLY resource"],
    ["GET", "/api/v1/namespaces/a/pods/p/log", undefined, "CONNECT resource"],
    ["BREW", "/api/v1/nodes/n", undefined, "other resource"],
  ])("books %s %s as %s %s", (method, target, contentType, expected) => {
    const { verb, scope } = labels(method, target, contentType);
    expect(`${verb} ${scope}`).toBe(expected);
  });
});

describe("RequestMetrics", () => {
  it("writes a request as the real server does", () => {
    const metrics = new RequestMetrics();
    metrics.answered(labels("PATCH", "/api/v1/namespaces/a/pods/p/status"), 200, 0.07, 500);
    const text = exposition(metrics.families());
    const own = 'group="",resource="pods",scope="resource",subresource="status",verb="PATCH",version="v1"';
    const lines = text.split("\n");
    expect(lines).toContain(`apiserver_request_total{code="200",component="apiserver",dry_run="",${own}} 1`);
    expect(lines).toContain(`apiserver_request_sli_duration_seconds_bucket{component="apiserver",${own},le="0.05"} 0`);
    expect(lines).toContain(`apiserver_request_sli_duration_seconds_bucket{component="apiserver",${own},le="0.1"} 1`);
    expect(lines).toContain(`apiserver_request_sli_duration_seconds_bucket{component="apiserver",${own},le="+Inf"} 1`);
    expect(lines).toContain(
      `apiserver_request_duration_seconds_bucket{component="apiserver",dry_run="",${own},le="0.025"} 0`,
    );
    expect(lines).toContain(`apiserver_request_duration_seconds_count{component="apiserver",dry_run="",${own}} 1`);
    expect(text).not.toContain("apiserver_response_sizes");
  });

  it("keeps dry runs and refused requests out of the SLI", () => {
    const metrics = new RequestMetrics();
    metrics.answered(labels("POST", "/api/v1/namespaces/a/pods?dryRun=All"), 201, 0.01, 1);
    metrics.dropped(labels("PUT", "/api/v1/nodes/n"));
    const text = exposition(metrics.families());
    expect(text).not.toContain("apiserver_request_sli_duration_seconds");
    expect(text).toMatch(/apiserver_request_duration_seconds_count\{.*dry_run="All".*\} 1/);
    expect(text).toMatch(/apiserver_request_total\{code="429".*verb="PUT".*\} 1/);
    expect(text).toMatch(/apiserver_request_terminations_total\{code="429".*\} 1/);
  });

  it("books health checks under their path", () => {
    const metrics = new RequestMetrics();
    metrics.answered(pageLabels("GET", "/readyz")!, 200, 0.001, 2);
    expect(exposition(metrics.families())).toContain(
      'component="",dry_run="",group="",resource="",scope="",subresource="/readyz",verb="GET",version=""',
    );
  });
});
