import { describe, expect, it } from "vitest";
import { readServerScrape } from "./server-scrape.ts";

/** Lines of kube-apiserver 1.36.3, the buckets thinned out. */
const scraped = `# HELP apiserver_request_sli_duration_seconds [ALPHA] Response latency distribution
# TYPE apiserver_request_sli_duration_seconds histogram
apiserver_request_sli_duration_seconds_bucket{component="",group="",resource="",scope="",subresource="/readyz",verb="GET",version="",le="0.05"} 41
apiserver_request_sli_duration_seconds_bucket{component="",group="",resource="",scope="",subresource="/readyz",verb="GET",version="",le="+Inf"} 43
apiserver_request_sli_duration_seconds_bucket{component="apiserver",group="autoscaling",resource="horizontalpodautoscalers",scope="cluster",subresource="",verb="LIST",version="v1",le="0.05"} 2
apiserver_request_sli_duration_seconds_bucket{component="apiserver",group="autoscaling",resource="horizontalpodautoscalers",scope="cluster",subresource="",verb="LIST",version="v1",le="1"} 3
apiserver_request_sli_duration_seconds_bucket{component="apiserver",group="autoscaling",resource="horizontalpodautoscalers",scope="cluster",subresource="",verb="LIST",version="v1",le="+Inf"} 4
apiserver_request_sli_duration_seconds_bucket{component="apiserver",group="autoscaling",resource="horizontalpodautoscalers",scope="cluster",subresource="",verb="LIST",version="v2",le="0.05"} 1
apiserver_request_sli_duration_seconds_bucket{component="apiserver",group="autoscaling",resource="horizontalpodautoscalers",scope="cluster",subresource="",verb="LIST",version="v2",le="1"} 1
apiserver_request_sli_duration_seconds_bucket{component="apiserver",group="autoscaling",resource="horizontalpodautoscalers",scope="cluster",subresource="",verb="LIST",version="v2",le="+Inf"} 1
apiserver_request_sli_duration_seconds_sum{component="apiserver",group="autoscaling",resource="horizontalpodautoscalers",scope="cluster",subresource="",verb="LIST",version="v2"} 0.01
apiserver_request_total{code="201",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"} 151
apiserver_request_total{code="201",component="apiserver",dry_run="All",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"} 2
apiserver_request_total{code="404",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"} 1
apiserver_request_terminations_total{code="504",component="apiserver",group="",resource="pods",scope="cluster",subresource="",verb="LIST",version="v1"} 3
apiserver_flowcontrol_rejected_requests_total{flow_schema="global-default",priority_level="global-default",reason="queue-full"} 5
apiserver_flowcontrol_rejected_requests_total{flow_schema="service-accounts",priority_level="workload-low",reason="time-out"} 2
`;

describe("readServerScrape", () => {
  const scrape = readServerScrape(scraped, 60_000);
  const configmaps = { group: "", resource: "configmaps", subresource: "", verb: "POST", scope: "resource" };

  it("reads the SLI histograms, the versions of a group as one", () => {
    expect(scrape).toMatchObject({ atMs: 60_000, boundsSeconds: [0.05, 1] });
    expect(scrape.sli).toHaveLength(2);
    expect(scrape.sli[1]).toEqual({
      group: "autoscaling",
      resource: "horizontalpodautoscalers",
      subresource: "",
      verb: "LIST",
      scope: "cluster",
      buckets: [3, 4],
      count: 5,
    });
  });

  it("reads requests and terminations by code, and the rejections of Priority & Fairness", () => {
    expect(scrape.requests).toEqual([
      { ...configmaps, code: "201", count: 153 },
      { ...configmaps, code: "404", count: 1 },
    ]);
    expect(scrape.terminations).toMatchObject([{ resource: "pods", verb: "LIST", code: "504", count: 3 }]);
    expect(scrape.flowControlRejected).toBe(7);
  });

  it("survives a structured clone", () => {
    expect(structuredClone(scrape)).toEqual(scrape);
  });
});
