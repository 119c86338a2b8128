import { formatLabelSelector, type json } from "@hollowfleet/wire";
import { humanDuration } from "./human-duration.ts";
import {
  ageColumn,
  booleanColumn,
  column,
  containersColumn,
  imagesColumn,
  integerColumn,
  type Now,
  nameColumn,
  type Printer,
  selectorColumn,
} from "./printer.ts";
import { templateCells } from "./workload-tables.ts";

// Columns and cells of the batch group (pkg/printers/internalversion/printers.go).

/** printJob */
export const jobPrinter: Printer<json.Job> = {
  columns: [
    nameColumn,
    column("Status", "How the job stands."),
    column("Completions", "Pods that succeeded, of those that must."),
    column("Duration", "Time that the job has taken."),
    ageColumn,
    containersColumn,
    imagesColumn,
    selectorColumn,
  ],
  cells: (job, now) => [
    job.metadata?.name ?? "",
    jobStatus(job),
    jobCompletions(job),
    jobDuration(job, now),
    now.since(job.metadata?.creationTimestamp),
    ...templateCells(job.spec?.template),
    formatLabelSelector(job.spec?.selector),
  ],
};

function jobStatus({ metadata, status }: json.Job): string {
  const holds = (type: string) => status?.conditions?.find((each) => each.type === type)?.status === "True";
  if (holds("Complete")) return "Complete";
  if (holds("Failed")) return "Failed";
  if (metadata?.deletionTimestamp !== undefined) return "Terminating";
  if (holds("Suspended")) return "Suspended";
  if (holds("FailureTarget")) return "FailureTarget";
  return holds("SuccessCriteriaMet") ? "SuccessCriteriaMet" : "Running";
}

function jobCompletions({ spec, status }: json.Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration({ status }: json.Job, now: Now): string {
  const { startTime, completionTime } = status ?? {};
  if (!startTime) return "";
  return completionTime ? humanDuration(Date.parse(completionTime) - Date.parse(startTime)) : now.since(startTime);
}

/** printCronJob */
export const cronJobPrinter: Printer<json.CronJob> = {
  columns: [
    nameColumn,
    column("Schedule", "When jobs are started, in cron format."),
    column("Timezone", "Time zone of the schedule."),
    booleanColumn("Suspend", "Whether no further jobs are started."),
    integerColumn("Active", "Jobs that run."),
    column("Last Schedule", "Time since a job was last started."),
    ageColumn,
    containersColumn,
    imagesColumn,
    selectorColumn,
  ],
  cells: ({ metadata = {}, spec, status }, now) => [
    metadata.name ?? "",
    spec?.schedule ?? "",
    spec?.timeZone ?? "<none>",
    spec?.suspend === undefined ? "<unset>" : spec.suspend ? "True" : "False",
    status?.active?.length ?? 0,
    status?.lastScheduleTime ? now.since(status.lastScheduleTime) : "<none>",
    now.since(metadata.creationTimestamp),
    ...templateCells(spec?.jobTemplate?.spec?.template),
    formatLabelSelector(spec?.jobTemplate?.spec?.selector),
  ],
};
