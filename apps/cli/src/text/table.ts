// Rows as columns, for people. Only the last column is cut at the width of the terminal: an identity that was cut could
// not be typed again.
import { printable } from './printable.ts';

const GAP = '  ';
/** Less of the last column would say nothing. */
const LAST_WIDTH_MIN = 12;

/** `columns`: the width of the terminal; null: nothing is cut. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], columns: number | null): string {
  const cells = [head, ...rows.map((row) => row.map(printable))];
  // One row after the other: a function takes no more arguments than some 120,000.
  const widthOf = (column: number): number => cells.reduce((max, row) => Math.max(max, row[column]?.length ?? 0), 0);
  const widths = head.slice(0, -1).map((_, column) => widthOf(column));
  const before = widths.reduce((sum, width) => sum + width + GAP.length, 0);
  const lastWidth = columns === null ? Infinity : Math.max(LAST_WIDTH_MIN, columns - before);
  return cells.map((row) => line(row, widths, lastWidth)).join('\n');
}

function line(row: readonly string[], widths: readonly number[], lastWidth: number): string {
  const others = widths.map((width, column) => (row[column] ?? '').padEnd(width));
  return [...others, cut(row[widths.length] ?? '', lastWidth)].join(GAP).trimEnd();
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
