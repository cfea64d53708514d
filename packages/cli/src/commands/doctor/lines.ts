// What doctor says, for a person: a line a check, and below it what to do.
import { MARKS } from '../../doctor/shown.js';
import type { Result } from '../../doctor/check.js';
import type { Colours } from '../../terminal/colours.js';

const INDENT = '    ';
const WIDEST = 100;
const NARROWEST = 30;

export interface LineOptions {
  readonly colours: Colours;
  /** Of the widest title. */
  readonly titleWidth: number;
  readonly columns: number | undefined;
}

/** One result. */
export function linesOf(result: Result, { colours, titleWidth, columns }: LineOptions): string {
  const { [result.status]: mark } = MARKS;
  const paint = { ok: colours.green, warning: colours.yellow, failure: colours.red, skipped: colours.dim }[
    result.status
  ];
  const first = `${paint(mark)} ${result.title.padEnd(titleWidth)}  ${result.status === 'skipped' ? colours.dim(result.found) : result.found}`;
  const advice = 'advice' in result ? wrapped(result.advice, Math.min(columns || WIDEST, WIDEST) - INDENT.length) : [];
  return [first, ...advice.map((line) => `${INDENT}${colours.bold(line)}`), ''].join('\n');
}

/** How it went, in the last line. */
export function summaryOf(results: readonly Result[]): string {
  const [failures, warnings] = ['failure', 'warning'].map(
    (status) => results.filter((one) => one.status === status).length,
  );
  if (failures === 0 && warnings === 0) return 'All is well.\n';
  const counts = [counted(failures, 'failure'), counted(warnings, 'warning')].filter((text) => text !== '');
  const first = failures === 0 ? '' : ' Begin with the first; the others may come of it.';
  return `${counts.join(', ')}.${first}\n`;
}

function counted(count = 0, name: string): string {
  return count === 0 ? '' : `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** At blanks; a word that is too long stays whole, so that a URL can be copied. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < Math.max(width, NARROWEST))
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
