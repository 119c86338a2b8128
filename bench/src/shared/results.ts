import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes `<name>.json` and `<name>.md` and says where. */
export function writeResults(dir: string, name: string, result: object, markdown: string): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
  writeFileSync(join(dir, `${name}.md`), markdown);
  console.error(`written: ${join(dir, name)}.{json,md}`);
}

/** A Markdown table; the first row is the heading, columns after the first are figures. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, rule, ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
