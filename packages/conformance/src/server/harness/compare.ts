/** One place where two JSON values differ. */
export interface Difference {
  /** e.g. "3.body.spec.containers.0.image" */
  readonly path: string;
  /** Undefined: not there. */
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Every place where two JSON values differ; whole values where one side lacks them, or they are of two types. */
export function differences(expected: unknown, actual: unknown, path = ""): Difference[] {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return Array.from({ length: Math.max(expected.length, actual.length) }, (_, index) =>
      differences(expected[index], actual[index], join(path, String(index))),
    ).flat();
  }
  if (isRecord(expected) && isRecord(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => differences(expected[key], actual[key], join(path, key)));
  }
  return Object.is(expected, actual) ? [] : [{ path, expected, actual }];
}

/** One line for people. */
export function differenceText({ path, expected, actual }: Difference): string {
  return `${path}: ${short(expected)} expected, ${short(actual)} found`;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
