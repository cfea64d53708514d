// The table at the end, and what the server itself reported of its export.

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { paint } from './colour.mjs';
import { plain } from './failure.mjs';
import { number } from './progress.mjs';

const MOST_REPORTS = 5;

export function table(results, { seconds, tokens, retried }) {
  const complete = results.filter(({ error }) => error === undefined);
  const failed = results.length - complete.length;
  const cells = [
    ['files', number(complete.length)],
    ['failed', number(failed)],
    ['resources', number(sum(complete, 'lines'))],
    ['bytes', number(sum(complete, 'bytes'))],
    ['seconds', seconds.toFixed(1)],
    ['tokens fetched', number(tokens)],
    ['401s retried', number(retried)],
  ];
  const widths = cells.map((column) => Math.max(...column.map(({ length }) => length)));
  const [head, row] = [0, 1].map((line) => cells.map((column, at) => column[line].padStart(widths[at])).join('  '));
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [paint('bold', head), rule, failed > 0 ? paint('red', row) : row].join('\n');
}

/** The first lines of the files under `error` of the manifest, which are OperationOutcomes. */
export async function reports(results, out) {
  const files = results.filter(({ list, error }) => list === 'error' && error === undefined);
  const found = await Promise.all(files.map(({ name }) => reportsIn(join(out, name))));
  return found.flat().slice(0, MOST_REPORTS);
}

async function reportsIn(path) {
  const texts = [];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    texts.push(...issuesIn(line));
    if (texts.length >= MOST_REPORTS) break;
  }
  return texts;
}

function issuesIn(line) {
  const { issue } = parsed(line);
  return [issue ?? []]
    .flat()
    .map((one) => plain(`${one?.severity ?? 'issue'}: ${one?.diagnostics ?? one?.details?.text ?? one?.code}`));
}

function parsed(line) {
  try {
    return JSON.parse(line) ?? {};
  } catch {
    return {};
  }
}

function sum(results, member) {
  return results.reduce((total, result) => total + result[member], 0);
}
