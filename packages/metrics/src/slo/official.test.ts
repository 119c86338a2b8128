import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OfficialRow, OfficialVerdict } from "../verdict.ts";
import { judgeEnvelope } from "./envelope.ts";
import { judgeOfficial } from "./official.ts";
import { FakeMetrics, sliBounds } from "./scrape.testing.ts";

const inside = judgeEnvelope({ nodes: 100 });
const minute = 60_000;

/** One scrape before the load, then one a minute, each after that minute's load. */
function judgeMinutes(minutes: number, load: (server: FakeMetrics, minuteOfRun: number) => void): OfficialVerdict {
  const server = new FakeMetrics();
  const scrapes = [server.scrape(0)];
  for (let index = 1; index <= minutes; index++) {
    load(server, index);
    scrapes.push(server.scrape(index * minute));
  }
  return judgeOfficial(scrapes, inside);
}

function only(verdict: OfficialVerdict): OfficialRow {
  expect(verdict.rows).toHaveLength(1);
  return verdict.rows[0]!;
}

describe("judgeOfficial", () => {
  it("judges each resource and verb by its own limit, never pooled", () => {
    const verdict = judgeMinutes(6, (server) => {
      server.served({ verb: "POST" }, 0.02, 1000);
      server.served({ verb: "DELETE" }, 1.4, 40);
      server.served({ verb: "LIST", scope: "cluster" }, 1.4, 40);
    });
    expect(verdict.status).toBe("failed");
    expect(verdict.rows.map((row) => [row.verb, row.scope, row.status])).toEqual([
      ["DELETE", "resource", "failed"],
      ["GET|LIST", "cluster", "passed"],
      ["POST", "resource", "passed"],
    ]);
  });

  it("takes GET and LIST of one scope as one row", () => {
    const verdict = judgeMinutes(5, (server) => {
      server.served({ verb: "GET" }, 0.02, 60);
      server.served({ verb: "LIST" }, 0.02, 60);
    });
    expect(only(verdict)).toMatchObject({ verb: "GET|LIST", count: 600, limitUs: 1_000_000, status: "passed" });
  });

  it("finds the one bad window of a long run", () => {
    const verdict = judgeMinutes(30, (server, at) => server.served({}, at === 12 ? 2.5 : 0.02, 30));
    expect(only(verdict)).toMatchObject({ status: "failed", basis: "window", count: 150, overLimit: 30, windows: 26 });
    expect(only(verdict)).toMatchObject({ p99BoundUs: 3_000_000 });
    expect(verdict.reading).toBe("windows");
  });

  it("reads the whole run when it is shorter than a window, and says so", () => {
    const verdict = judgeMinutes(3, (server) => server.served({}, 0.02, 50));
    expect(verdict).toMatchObject({ reading: "whole-run", note: "no official window, whole-run reading (180 s)" });
    expect(only(verdict)).toMatchObject({ status: "passed", basis: "whole-run", count: 150, windows: 0 });
  });

  it("reads the whole run where no window holds enough", () => {
    const verdict = judgeMinutes(20, (server) => server.served({}, 0.02, 6));
    expect(only(verdict)).toMatchObject({ status: "passed", basis: "whole-run", count: 120 });
  });

  it("says no data below 100 samples, however fast or slow", () => {
    for (const seconds of [0.01, 50]) {
      const verdict = judgeMinutes(6, (server, at) => server.served({}, seconds, at === 1 ? 99 : 0));
      expect(only(verdict).status).toBe("no-data");
      expect(verdict.status).toBe("no-data");
    }
    expect(judgeOfficial([], inside)).toMatchObject({ status: "no-data", reading: "none" });
  });

  it("leaves out what the SLO does not cover", () => {
    const verdict = judgeMinutes(6, (server) => {
      for (const key of [
        { verb: "WATCH", scope: "cluster" },
        { verb: "CONNECT", subresource: "exec" },
        { verb: "GET", subresource: "log" },
        { verb: "DELETECOLLECTION", scope: "namespace" },
        { group: "example.com", resource: "widgets" },
        { group: "metrics.k8s.io", resource: "nodes", verb: "GET" },
        { group: "authorization.k8s.io", resource: "subjectaccessreviews" },
        { resource: "componentstatuses", verb: "GET" },
        { resource: "", verb: "GET", scope: "" },
      ]) {
        server.served(key, 59, 500);
      }
    });
    expect(verdict).toMatchObject({ status: "no-data", rows: [] });
  });

  it("is not judgeable when more than 1 % never reached the histogram", () => {
    const refusing = (times: number) =>
      judgeMinutes(5, (server) => {
        server.served({}, 0.02, 1000);
        server.counted("apiserver_request_total", {}, "429", times);
        server.counted("apiserver_request_terminations_total", {}, "429", times);
      });
    expect(only(refusing(10))).toMatchObject({ status: "passed", outside: 50 });
    const verdict = refusing(11);
    expect(only(verdict)).toMatchObject({ status: "not-judgeable", outside: 55 });
    expect(verdict).toMatchObject({ status: "not-judgeable", outside: { rejected: 55, terminated: 0 } });
    expect(verdict.outsideShare).toBeCloseTo(11 / 1011);
  });

  it("counts timeouts and server errors once, whichever counter tells them", () => {
    const verdict = judgeMinutes(5, (server) => {
      server.served({}, 0.02, 1000);
      server.served({}, 0.02, 6, "500");
      server.counted("apiserver_request_terminations_total", {}, "504", 8);
      server.counted("apiserver_request_total", {}, "504", 3);
    });
    expect(verdict).toMatchObject({
      status: "not-judgeable",
      outside: { serverErrors: 30, terminated: 40, rejected: 0 },
    });
  });

  it("sees a row of which every request was refused", () => {
    const verdict = judgeMinutes(5, (server) => {
      server.served({ verb: "GET" }, 0.02, 100);
      server.counted("apiserver_request_terminations_total", { verb: "POST" }, "429", 100);
    });
    expect(verdict.status).toBe("not-judgeable");
    expect(verdict.rows[0]).toMatchObject({ verb: "POST", status: "not-judgeable", count: 0, outside: 500 });
  });

  it("lets a failure that was seen stand beside refusals", () => {
    const verdict = judgeMinutes(5, (server) => {
      server.served({}, 8, 1000);
      server.counted("apiserver_request_total", {}, "429", 5000);
    });
    expect(only(verdict).status).toBe("failed");
  });

  it("does not count what the server did before the run", () => {
    const server = new FakeMetrics();
    server.served({}, 20, 5000);
    server.counted("apiserver_request_total", {}, "429", 5000);
    const scrapes = [server.scrape(0)];
    for (let at = 1; at <= 5; at++) {
      server.served({}, 0.02, 100);
      scrapes.push(server.scrape(at * minute));
    }
    expect(only(judgeOfficial(scrapes, inside))).toMatchObject({
      status: "passed",
      count: 500,
      overLimit: 0,
      outside: 0,
    });
  });

  it("goes on when the server began anew", () => {
    const first = new FakeMetrics();
    first.served({}, 0.02, 1000);
    const second = new FakeMetrics();
    second.served({}, 3, 200);
    const verdict = judgeOfficial([first.scrape(0), second.scrape(minute)], inside);
    expect(only(verdict)).toMatchObject({ status: "failed", count: 200, overLimit: 200 });
  });

  it("never passes a slower server where a faster one failed", () => {
    const bound = fc.integer({ min: 0, max: sliBounds.length - 1 });
    const call = fc.tuple(bound, fc.integer({ min: 0, max: sliBounds.length }), fc.integer({ min: 1, max: 80 }));
    fc.assert(
      fc.property(fc.array(call, { minLength: 1, maxLength: 12 }), (calls) => {
        const judged = (slower: boolean): OfficialVerdict =>
          judgeMinutes(6, (server, at) => {
            for (const [index, extra, times] of calls.filter((_, place) => place % 6 === at - 1)) {
              const seconds = sliBounds[index + (slower ? extra : 0)] ?? 100;
              server.served({}, seconds, times);
            }
          });
        const [fast, slow] = [judged(false), judged(true)];
        if (fast.status === "failed") expect(slow.status).toBe("failed");
        expect(fast.status === "no-data").toBe(slow.status === "no-data");
      }),
      { numRuns: 60 },
    );
  });
});
