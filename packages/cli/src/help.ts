import { outcomes } from "@hollowfleet/metrics";

/** What the end of a help text lists: pairs in two columns, at most 80 wide. */
function list(title: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return `\n${title}:\n${rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n")}\n`;
}

/** A command line and, below it, what it is for. */
function examples(rows: readonly (readonly [string, string])[]): string {
  return `\nExamples:\n${rows.map(([command, what]) => `  ${command}\n      ${what}`).join("\n")}\n`;
}

const exitCodes: string = list(
  "Exit codes",
  Object.values(outcomes).map(({ exitCode, meaning }) => [String(exitCode).padStart(3), wrapped(meaning, 72, 7)]),
);

function wrapped(text: string, width: number, indent: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}

export const programEpilogue: string = `${examples([
  ["hollow doctor", "look whether this machine can run it"],
  ["hollow assets install", "get etcd and the Kubernetes components"],
  ["hollow run density --nodes 1000 --pods-per-node 10", "1,000 nodes, 10,000 pods, and a verdict"],
  ["hollow up --nodes 50", "a cluster of 50 nodes for kubectl, until Ctrl-C"],
])}${exitCodes}`;

export const runEpilogue: string = `${examples([
  ["hollow run", "density with its own values: 100 nodes, 1,000 pods"],
  ["hollow run steady --nodes 2000 --watches pods --duration 10m", "heartbeats and probes only"],
  ["hollow run --identity node-token --connections pooled", "few connections instead of one per node"],
  ["hollow run --set workload.latencyPods.count=500", "any field; `hollow scenarios --show density` has them all"],
  [
    "hollow run --kubeconfig FILE --context NAME --allow-existing",
    "a cluster that exists; the nodes are impersonated, and removed at the end",
  ],
])}${exitCodes}`;

export const upEpilogue: string = examples([
  ["hollow up --nodes 50", "prints the path of a kubeconfig once the nodes are Ready"],
  ["hollow up --nodes 5 --audit-log --keep-logs", "keeps what the components logged"],
]);

export const cleanupEpilogue: string = examples([
  ["hollow cleanup --kubeconfig FILE --context NAME --allow-existing", "every run"],
  ["hollow cleanup 1a2b3c4d --kubeconfig FILE --context NAME --allow-existing", "one run, by the id in its result"],
]);
