// `status`: what is stored, for whom, how long it is good and what renews it. Nothing is opened, nobody is asked.
import { stat } from 'node:fs/promises';
import { allAbout } from '../state/about.js';
import type { About } from '../state/about.js';
import { placeOf } from '../state/token-place.js';
import { coloursOf } from '../terminal/colours.js';
import type { Colours } from '../terminal/colours.js';
import { tableOf } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
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
  const colours = coloursOf(terminal, terminal.stdout);
  const rows = stored.map((about) => rowOf(about, terminal.clock.now(), colours));
  return terminal.stdout.write(tableOf(HEAD.map(colours.dim), rows));
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

function rowOf(about: About, nowMs: number, colours: Colours): readonly string[] {
  const { name, kind, subject, server, renewedBy, sealed } = about;
  const shown = sealed ? `${renewedBy}, sealed` : renewedBy;
  return [colours.bold(name), kind, subject, server, lifetime(about, nowMs, colours), shown];
}

/** A bar of what is left of its lifetime, and the time in words. */
function lifetime({ issuedAt, expiresAt }: About, nowMs: number, colours: Colours): string {
  const endMs = Date.parse(expiresAt ?? '');
  if (Number.isNaN(endMs)) return 'unknown';
  const leftMs = endMs - nowMs;
  if (leftMs <= 0) return `${colours.red('░'.repeat(BAR_LENGTH))} expired ${inWords(-leftMs)} ago`;
  const wholeMs = Math.max(endMs - (issuedAt === undefined ? nowMs : Date.parse(issuedAt)), 1);
  const full = Math.min(BAR_LENGTH, Math.ceil((leftMs / wholeMs) * BAR_LENGTH));
  const colour = full > 2 ? colours.green : colours.yellow;
  return `${colour('█'.repeat(full) + '░'.repeat(BAR_LENGTH - full))} ${inWords(leftMs)}`;
}
