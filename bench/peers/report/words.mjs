// How numbers and marks are written.

const MARKS = { good: '✓', part: '~', bad: '✗', none: '–' };

/** A figure of several runs: the middle one, and the least and the most. */
export function spread({ median, least, most }, digits) {
  const [middle, from, to] = [median, least, most].map((value) => value.toFixed(digits));
  return from === to ? middle : `${middle} (${from} to ${to})`;
}

/** The figures of the same fields in several runs, as { median, least, most }; a text stays what it is. */
export function merged(runs) {
  const fields = Object.keys(runs[0]);
  return Object.fromEntries(fields.map((field) => [field, mergedField(runs.map((run) => run[field]))]));
}

function mergedField(values) {
  if (typeof values[0] !== 'number') return values[0];
  const sorted = values.toSorted((one, other) => one - other);
  return { median: sorted[Math.floor(sorted.length / 2)], least: sorted[0], most: sorted.at(-1) };
}

/** A cell of a table: its mark, if it has one, and what was measured. */
export function cellText({ mark, text }) {
  return mark === undefined ? text : `${MARKS[mark]} ${text}`;
}

/** What the cells of one scenario come to. */
export function summary(cells) {
  const judged = cells.flatMap(({ mark }) => (mark === undefined || mark === 'none' ? [] : [mark]));
  if (judged.length === 0) return '–';
  if (judged.every((mark) => mark === judged[0])) return MARKS[judged[0]];
  return `${judged.filter((mark) => mark === 'good').length} of ${judged.length}`;
}

/** A table in Markdown. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
