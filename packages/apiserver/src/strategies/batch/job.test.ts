import type { json } from "@hollowfleet/wire";
import { describe, expect, it } from "vitest";
import { created, createFaults, object, statusFaults, updateFaults } from "../testing/objects.ts";
import { as } from "../views.ts";
import { cronJobStrategy } from "./cron-job.ts";
import { jobStrategy } from "./job.ts";

const template = { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "a" }] } };
const job = created(jobStrategy, object("batch/v1", "Job", { spec: { template } }));

describe("Job", () => {
  it("is filled in and selects by its own uid", () => {
    const labels = {
      "batch.kubernetes.io/controller-uid": "u1",
      "batch.kubernetes.io/job-name": "x",
      "controller-uid": "u1",
      "job-name": "x",
    };
    expect(job["spec"]).toMatchObject({
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      completionMode: "NonIndexed",
      suspend: false,
      podReplacementPolicy: "TerminatingOrFailed",
      manualSelector: false,
      selector: { matchLabels: { "batch.kubernetes.io/controller-uid": "u1" } },
      template: { metadata: { labels } },
    });
    expect(jobStrategy.validate?.(job)).toEqual([]);
  });

  it("ends some day", () => {
    const body = object("batch/v1", "Job", { spec: { template: { spec: { containers: template.spec.containers } } } });
    expect(createFaults(jobStrategy, body)).toEqual([
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ]);
  });

  it("does not take the pods of others", () => {
    const selector = { matchLabels: { a: "b" } };
    const body = object("batch/v1", "Job", { spec: { selector, template } });
    expect(createFaults(jobStrategy, body).join("\n")).toContain("`selector` not auto-generated");
  });

  it("never changes its template or its completions", () => {
    const faults = updateFaults(jobStrategy, job, (made) => {
      const spec = as<json.Job>(made).spec ?? ({} as json.JobSpec);
      spec.completions = 2;
      spec.parallelism = 5;
    });
    expect(faults).toEqual(["spec.completions: Invalid value: 2: field is immutable"]);
    const [fault] = updateFaults(jobStrategy, job, (made) => {
      const containers = as<json.Job>(made).spec?.template?.spec?.containers;
      if (containers?.[0]) containers[0].image = "b";
    });
    expect(fault).toMatch(/^spec\.template: Invalid value: .*: field is immutable$/);
  });

  it("is over once", () => {
    const conditions = [
      { type: "SuccessCriteriaMet", status: "True" },
      { type: "Complete", status: "True" },
    ];
    const time = "2026-01-02T03:04:05Z";
    const done = { conditions, startTime: time, completionTime: time, succeeded: 1 };
    expect(statusFaults(jobStrategy, job, done)).toEqual([]);
    expect(statusFaults(jobStrategy, job, { ...done, completionTime: undefined })).toEqual([
      "status.completionTime: Required value: completionTime is required for Complete jobs",
    ]);
    expect(statusFaults(jobStrategy, { ...job, status: done }, { startTime: time, succeeded: 1 })).toContain(
      "status.conditions: Invalid value: cannot disable the terminal Complete=True condition",
    );
  });
});

describe("CronJob", () => {
  const body = (spec: object) =>
    object("batch/v1", "CronJob", { spec: { jobTemplate: { spec: { template } }, ...spec } });

  it("is filled in", () => {
    expect(created(cronJobStrategy, body({ schedule: "* * * * *" }))["spec"]).toMatchObject({
      concurrencyPolicy: "Allow",
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
  });

  it.each([
    ["* * * * *", 0],
    ["@hourly", 0],
    ["* *", 1],
    ["", 1],
  ])("takes the schedule %j: %i faults", (schedule, count) => {
    expect(createFaults(cronJobStrategy, body({ schedule }))).toHaveLength(count);
  });
});
