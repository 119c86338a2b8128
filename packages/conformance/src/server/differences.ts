import type { KnownDifference } from "./harness/known-differences.ts";

/**
 * Everything in which the embedded server knowingly differs from the real one. The suite fails for a difference that is
 * not here, and for an entry here that is none any more.
 */
export const knownDifferences: readonly KnownDifference[] = [
  {
    cases: /./,
    path: /(^|\.)metadata\.managedFields$/,
    reason: "fields have no managers: only server-side apply reads them, and it is refused",
  },
  {
    cases: /^namespace: label and spec/,
    path: /\.metadata\.resourceVersion$/,
    reason: "where only managers change, nothing changes here",
  },
  {
    cases: /^patch: server-side apply/,
    path: /^0\./,
    reason: "server-side apply is refused",
  },
  {
    cases: /^log: /,
    path: /^[02]\./,
    reason: "hollow containers write nothing, so there is no log to read",
  },
  {
    cases: /^watch: the older path/,
    path: /./,
    reason: "watches by path are deprecated since 1.11, and no client of ours or kubectl uses them",
  },
  {
    cases: /^(accept|content-type): /,
    path: /./,
    reason: "YAML is converted by kubectl before it is sent, and not understood here",
  },
  {
    cases: /^(table: |watch: as tables)/,
    path: /\.columnDefinitions\.\d+\.description$/,
    reason: "columns are described in words of our own",
  },
  {
    cases: /^version and health/,
    path: /^1\.body$/,
    reason: "the version names what it is, so that no report can be taken for one about a real server",
  },
  {
    cases: /^version and health/,
    path: /^6\.headers\.content-type$/,
    reason: "the text format is that of Prometheus 0.0.4, without the later notes about escaping",
  },
  {
    cases: /^kind: PersistentVolume/,
    path: /./,
    reason: "no finalizer protects volumes in use, since no controller here would take it away again",
  },
  {
    cases: /^kind: Endpoints /,
    path: /\.headers\.warning$/,
    reason: "nobody is warned of deprecated kinds",
  },
  {
    cases: /^strategic patch: directives that are wrong/,
    path: /^[023]\.(status|body\.code|body\.reason)$/,
    reason: "a patch that cannot be is the client's fault: 422, where the real server says 500",
  },
  {
    cases: /^(update: what is immutable|random)/,
    path: /\.body\.(message|details\.causes\.\d+\.message)$/,
    text: /pod updates may not change fields/,
    reason: "what changed of a pod is told by its fields, not by a difference of printed Go structs",
  },
  {
    cases: /^fieldValidation: unknown fields deep/,
    path: /^2\.body\.data\.k$/,
    reason: "of two members of one name the last one counts; Go merges them if they are maps",
  },
  {
    cases: /^list: continue that is none/,
    path: /^1\.body\.message$/,
    reason: "a byte that is no UTF-8 is told as U+FFFD",
  },
  {
    cases: /^(names: what a namespace|metadata: labels)/,
    path: /^2\.body\.(message|details\.causes\.\d\.message)$/,
    reason: "the length of labels is told in characters, not in bytes",
  },
  {
    cases: /^metadata: labels/,
    path: /^7\.body\.(message|details\.causes\.\d\.message)$/,
    reason: "members of an object in a message stand in the order in which they came",
  },
  {
    cases: /^random/,
    path: /\.body\.details\.causes(\.|$)/,
    reason:
      "the real server tells a fault of metadata once for each check that meets it, and how many do differs by kind",
  },
  {
    cases: /^random/,
    path: /\.body\.(message|details\.causes\.\d+\.message)$/,
    text: /Invalid value: \{("metadata":\{)?"labels".*field is immutable/s,
    reason: "a template that may not change is told as JSON, not as a printed Go struct",
  },
];
