import type { Paint, Style } from "./paint.ts";

/** One cell; painted after it is padded, so that colour never shifts a column. */
export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

export interface TableOptions {
  readonly width: number;
  /** Columns that are aligned to the right: figures. */
  readonly right?: readonly number[];
  /** Spaces before each line; 2 by default. */
  readonly indent?: number;
}

const gap = 2;

/** Rows in aligned columns. Where they do not fit, the first column is cut with an ellipsis. */
export function table(rows: readonly (readonly Cell[])[], paint: Paint, options: TableOptions): string[] {
  const { width, right = [], indent = 2 } = options;
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.text.length);
    });
  }
  const total = indent + widths.reduce((sum, each) => sum + each, 0) + gap * Math.max(0, widths.length - 1);
  widths[0] = Math.max(8, (widths[0] ?? 0) - Math.max(0, total - width));
  return rows.map((row) => {
    const last = row.findLastIndex((cell) => cell.text !== "");
    const cells = row.slice(0, last + 1).map((cell, column) => {
      const columnWidth = widths[column] ?? 0;
      const text = cut(cell.text, columnWidth);
      if (right.includes(column)) return paint(text.padStart(columnWidth), cell.style ?? "plain");
      return paint(column === last ? text : text.padEnd(columnWidth), cell.style ?? "plain");
    });
    return " ".repeat(indent) + cells.join(" ".repeat(gap));
  });
}

/** A text over several lines, none wider than asked unless one word is; lines after the first begin deeper. */
export function wrap(text: string, width: number, indent = 2, hanging: number = indent): string[] {
  const lines: string[] = [];
  let line = " ".repeat(indent);
  let empty = true;
  for (const word of text.split(/\s+/)) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = " ".repeat(hanging);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  lines.push(line);
  return lines;
}

/** A term and what is said of it, the terms in one column. */
export function definitions(entries: readonly (readonly [term: string, text: string])[], width: number): string[] {
  const column = 2 + Math.max(...entries.map(([term]) => term.length)) + gap;
  return entries.flatMap(([term, text]) => {
    const [first = "", ...rest] = wrap(text, width, column);
    return [`  ${term}`.padEnd(column) + first.trimStart(), ...rest];
  });
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
