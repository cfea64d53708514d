// The table at the end: what each client went through, and whether its promises were kept; under three of them what plain
// axios with interceptors written by hand made of the same.

import { paint } from './colour.mjs';

/** Title, value, and the title where there is little room. */
export const columns = [
  ['client', ({ name }) => name],
  ['requests', ({ journal }) => journal.requests, 'requests'],
  ['tokens fetched', ({ journal }) => journal.tokens.length, 'tokens'],
  ['401s retried', ({ journal }) => journal.retried, 'retried'],
  ['requests that waited', ({ journal }) => journal.waited, 'waited'],
  ['failures', ({ journal }) => journal.failures.length, 'failures'],
  ['promise kept', ({ kept }) => (kept === undefined ? '–' : kept ? 'yes' : 'no'), 'kept'],
];

/** A row for each client, and for plain axios beside it. */
export function withPlain(rows) {
  return rows.flatMap((row) => (row.beside ? [row, { name: row.beside.journal.name, ...row.beside }] : [row]));
}

export function table(clients) {
  const rows = withPlain(clients);
  const lines = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, value]) => String(value(row))))];
  const widths = columns.map((_, index) => Math.max(...lines.map((cells) => cells[index].length)));
  const [head, ...body] = lines.map((cells) => aligned(cells, widths));
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const coloured = body.map((line, index) => paint(colourOf(rows[index]), line));
  return [paint('bold', head), rule, ...coloured].join('\n');
}

function colourOf({ kept }) {
  return kept === undefined ? 'dim' : kept ? undefined : 'red';
}

/** Each promise in words, then how far times were stretched, how many were kept, and the others once more. */
export function verdict(rows, { inWords: pace }) {
  const lines = rows.flatMap(({ name, title, about, promises, beside }) => [
    paint('bold', `${name}: ${title}`),
    `  ${about}`,
    ...promises.map(judgement),
    ...(beside ? comparison(beside) : []),
  ]);
  const all = rows.flatMap(({ promises }) => promises);
  const broken = brokenOnes(rows);
  const sum =
    broken.length === 0
      ? `All ${all.length} promises were kept.`
      : `${broken.length} of ${all.length} promises were broken:`;
  const last = [paint(broken.length === 0 ? 'green' : 'red', sum), ...broken].join('\n');
  return [...lines, ...(pace === undefined ? [] : ['', pace]), '', last].join('\n');
}

/** A line for each promise that was broken. */
export function brokenOnes(rows) {
  return rows.flatMap(({ name, promises }) =>
    promises.filter(({ kept }) => !kept).map(({ says, seen }) => `  ${name}: ${says} (${seen})`),
  );
}

/** The same counted for plain axios, a line each. */
function comparison({ journal, rows }) {
  return rows.map(
    ({ what, ours, plain }) => `  ${paint('dim', 'beside')}  ${what}: ${ours}, with ${journal.name} ${plain}`,
  );
}

function judgement({ says, kept, seen }) {
  return kept ? `  ${paint('green', 'kept')}    ${says}` : `  ${paint('red', 'BROKEN')}  ${says} (${seen})`;
}

function aligned(cells, widths) {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[index]))).join('  ');
}
