// What doctor says, for a person: a line a check, and below it what to do.
import type { Result } from '../../doctor/check.js';
import type { Colours } from '../../terminal/colours.js';
import type { Symbols } from '../../terminal/symbols.js';

const INDENT = '    ';
const WIDEST = 100;
const NARROWEST = 30;
/** Of the mark and of the gap behind the title, with their blanks. */
const GAPS = { mark: 2, title: 2 };

export interface LineOptions {
  readonly colours: Colours;
  readonly symbols: Symbols;
  /** Of the widest title. */
  readonly titleWidth: number;
  /** Undefined where nobody looks at it: then what was found is one line. */
  readonly columns: number | undefined;
}

/** One result. */
export function linesOf(result: Result, options: LineOptions): string {
  const { colours, columns } = options;
  const advice = 'advice' in result ? wrapped(result.advice, Math.min(columns || WIDEST, WIDEST) - INDENT.length) : [];
  return [...foundLines(result, options), ...advice.map((line) => `${INDENT}${colours.bold(line)}`), ''].join('\n');
}

/** What was found stands behind the title, in as many lines as the screen needs. */
function foundLines({ status, title, found }: Result, options: LineOptions): readonly string[] {
  const { colours, symbols, titleWidth, columns } = options;
  const paint = { ok: colours.green, warning: colours.yellow, failure: colours.red, skipped: colours.dim }[status];
  const behind = GAPS.mark + titleWidth + GAPS.title;
  const left = columns === undefined || columns === 0 ? Infinity : columns - behind;
  const indent = left < NARROWEST ? INDENT : ' '.repeat(behind);
  const [first = '', ...more] = wrapped(found, left < NARROWEST ? (columns ?? WIDEST) - INDENT.length : left);
  const dim = status === 'skipped' ? colours.dim : (text: string): string => text;
  const head = `${paint(symbols.marks[status])} ${title.padEnd(titleWidth)}`;
  const lines = more.map((line) => `${indent}${dim(line)}`);
  return left < NARROWEST ? [head.trimEnd(), `${indent}${dim(first)}`, ...lines] : [`${head}  ${dim(first)}`, ...lines];
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
