// `status`: what is stored, for whom, how long it is good and what renews it. Nothing is opened, nobody is asked.
import { stat } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { allAbout } from '../state/about.js';
import type { About } from '../state/about.js';
import { placeOf } from '../state/token-place.js';
import { coloursOf } from '../terminal/colours.js';
import type { Colours } from '../terminal/colours.js';
import { symbolsOf } from '../terminal/symbols.js';
import type { Symbols } from '../terminal/symbols.js';
import { tableOf } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { issuedLater } from './clock-doubt.js';
import { inWords } from './durations.js';

const BAR_LENGTH = 10;
const HEAD = ['SERVICE', 'KIND', 'FOR', 'AT', 'EXPIRES', 'RENEWED BY'];

export async function printStatus({ json = false }: { readonly json?: boolean }, terminal: Terminal): Promise<void> {
  const stored = await storedAbout(terminal);
  if (json) return terminal.stdout.write(`${JSON.stringify(stored, undefined, 2)}\n`);
  if (stored.length === 0) {
    await terminal.stderr.write('axios-authorizer: no token is stored; `login` or `token` gets one\n');
    return undefined;
  }
  const { stdout, clock } = terminal;
  const look = { colours: coloursOf(terminal, stdout), symbols: symbolsOf(terminal, stdout), nowMs: clock.now() };
  const rows = stored.map((about) => rowOf(about, look));
  const table = tableOf(HEAD.map(look.colours.dim), rows);
  const isTooWide = stdout.isTerminal && stdout.columns !== undefined && widthOf(table) > stdout.columns;
  return stdout.write(isTooWide ? rows.map((row) => blockOf(row, look)).join('\n') : table);
}

/** What is said of a token that is gone does not count. */
async function storedAbout(terminal: Terminal): Promise<readonly About[]> {
  const all = await allAbout(terminal);
  const are = await Promise.all(all.map(({ id }) => isThere(placeOf(id, terminal).tokenPath)));
  return all.filter((_, index) => are[index]);
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

interface Look {
  readonly colours: Colours;
  readonly symbols: Symbols;
  readonly nowMs: number;
}

function rowOf(about: About, look: Look): readonly string[] {
  const { name, kind, subject, server, renewedBy, sealed } = about;
  const shown = sealed ? `${renewedBy}, sealed` : renewedBy;
  return [look.colours.bold(name), kind, subject, server, lifetime(about, look), shown];
}

/** Where a line is too short for a row: the first cell, and below it the others by their names. */
function blockOf([name = '', ...cells]: readonly string[], { colours }: Look): string {
  const width = Math.max(...HEAD.map(({ length }) => length));
  const lines = HEAD.slice(1).map((head, index) => `  ${colours.dim(head.padEnd(width))}  ${cells[index] ?? ''}`);
  return [name, ...lines.map((line) => line.trimEnd()), ''].join('\n');
}

function widthOf(table: string): number {
  return Math.max(
    ...stripVTControlCharacters(table)
      .split('\n')
      .map(({ length }) => length),
  );
}

/** A bar of what is left of its lifetime, and the time in words. */
function lifetime({ issuedAt, expiresAt }: About, { colours, symbols, nowMs }: Look): string {
  const endMs = Date.parse(expiresAt ?? '');
  if (Number.isNaN(endMs)) return 'unknown';
  const leftMs = endMs - nowMs;
  if (leftMs <= 0) return `${colours.red(symbols.empty.repeat(BAR_LENGTH))} expired ${inWords(-leftMs)} ago`;
  const doubt = issuedLater(issuedAt === undefined ? undefined : new Date(issuedAt), nowMs);
  if (doubt !== undefined) return `${colours.red(symbols.empty.repeat(BAR_LENGTH))} ${doubt}: is the clock right?`;
  const wholeMs = Math.max(endMs - (issuedAt === undefined ? nowMs : Date.parse(issuedAt)), 1);
  const full = Math.min(BAR_LENGTH, Math.ceil((leftMs / wholeMs) * BAR_LENGTH));
  const colour = full > 2 ? colours.green : colours.yellow;
  return `${colour(symbols.full.repeat(full) + symbols.empty.repeat(BAR_LENGTH - full))} ${inWords(leftMs)}`;
}
