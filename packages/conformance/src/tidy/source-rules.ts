import { blankNonCode } from "./source-text.ts";

const LINES_MAX = 400;
const TEST_LINES_MAX = 800;

/** A test, or what only tests import. */
export function isTestFile(path: string): boolean {
  return /\.test\.ts$|\.testing\.ts$|\/testing\/|^packages\/conformance\//.test(path);
}

/** Faults of one source file by itself, each as `path: what is wrong`. */
export function sourceFaults(path: string, source: string): string[] {
  return [...lineFaults(path, source), ...patternFaults(path, source)];
}

function lineFaults(path: string, source: string): string[] {
  const lines = source.trimEnd().split("\n").length;
  const max = isTestFile(path) ? TEST_LINES_MAX : LINES_MAX;
  return lines > max ? [`${path}: ${lines} lines, ${max} are the limit`] : [];
}

interface Pattern {
  readonly pattern: RegExp;
  readonly fault: string;
  /** Defaults to every source. */
  readonly applies?: (path: string) => boolean;
  /** Defaults to `code`; `text` looks into comments and strings as well. */
  readonly within?: "code" | "text";
}

const isIndex = (path: string): boolean => path.endsWith("/src/index.ts");

/** Who owns the process it runs in: two packages, and the watchdog, which is a process of its own. */
const ownsProcess = (path: string): boolean =>
  /^packages\/(?:cli|launch)\/|^packages\/controlplane\/src\/watchdog\.ts$/.test(path);

const PATTERNS: readonly Pattern[] = [
  { pattern: /\b(?:TO[D]O|FIX[M]E|X[X]X)\b/, fault: "notes of unfinished work belong into an issue", within: "text" },
  { pattern: /\b(?:test|it|describe|suite|bench)(?:\.\w+)*\.only\b/, fault: "`.only` hides every other test" },
  { pattern: /\bdebugger\b/, fault: "`debugger` stops the process of whoever attaches" },
  { pattern: /\bexport\s+default\b|\bas\s+default\b/, fault: "default exports have no name to search for" },
  { pattern: /\bexport\s*(?:type\s*)?\*/, fault: "`export *` hides what the package offers", applies: isIndex },
  {
    pattern: /\bprocess\s*\.\s*(?:exit|abort|reallyExit)\b\s*\(/,
    fault: "only cli, launch and the watchdog end the process",
    applies: (path) => !ownsProcess(path),
  },
  {
    pattern: /\bconsole\s*\.\s*\w+\s*\(/,
    fault: "only cli, launch and the watchdog print",
    applies: (path) => !ownsProcess(path) && !path.startsWith("bench/"),
  },
];

function patternFaults(path: string, source: string): string[] {
  const code = blankNonCode(source);
  return PATTERNS.flatMap(({ pattern, fault, applies = () => true, within = "code" }) => {
    const match = applies(path) ? pattern.exec(within === "code" ? code : source) : null;
    if (match === null) return [];
    const line = source.slice(0, match.index).split("\n").length;
    return [`${path}:${line}: ${fault}`];
  });
}
