// What can be watched while it happens: on a terminal one line per client, drawn again and again; into a pipe a log.

import { paint } from './colour.mjs';
import { logTo } from './log.mjs';

const DRAW_EVERY_MS = 100;
const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';
const LEGEND = '━ live   ● new token   ↻ retried   · refreshing   ▒ endpoint down   ✗ failed';

/** The symbols of a strip and their colours. */
const colours = { '━': 'green', '●': 'cyan', '↻': 'yellow', '✗': 'red', '▒': 'dim' };

/** @param clients each with a `journal` and a `scenario` */
export function startView(clients, times) {
  return process.stdout.isTTY === true ? startLines(clients, times) : logTo(console.log, clients, times);
}

/** Each client's, and beside it that of plain axios where there is one. */
export function journalsOf(clients) {
  return clients.flatMap(({ journal, byHand }) => (byHand ? [journal, byHand] : [journal]));
}

function startLines(clients, times) {
  const journals = journalsOf(clients);
  const draw = (again) =>
    process.stdout.write((again ? `\u001B[${journals.length + 2}A` : '') + picture(journals, times));
  process.stdout.write(HIDE_CURSOR);
  draw(false);
  const timer = setInterval(draw, DRAW_EVERY_MS, true);
  process.once('exit', showCursor);
  process.once('SIGINT', leave);
  return {
    stop: () => {
      clearInterval(timer);
      draw(true);
      showCursor();
      process.off('exit', showCursor);
      process.off('SIGINT', leave);
    },
  };
}

function showCursor() {
  process.stdout.write(SHOW_CURSOR);
}

function leave() {
  process.exit(130);
}

function picture(journals, { startedAt, seconds }) {
  const now = Date.now();
  const elapsed = (now - startedAt) / 1000;
  const width = process.stdout.columns || 80;
  const lines = journals.map((journal) =>
    line(journal, { startedAt, seconds: Math.max(seconds, elapsed), now, width }),
  );
  const head = `${elapsed.toFixed(1).padStart(5)} s of ${seconds}`;
  return [paint('bold', head), ...lines, paint('dim', LEGEND.slice(0, width - 1))]
    .map((text) => `\r${text}\u001B[K\n`)
    .join('');
}

function line(journal, { width, ...times }) {
  const numbers = counts(journal);
  const room = Math.max(0, width - numbers.length - 14);
  const text =
    room > 0 ? `${strip(journal, { ...times, room })} ${numbers}` : numbers.slice(0, Math.max(0, width - 13));
  return `${journal.name.padEnd(11)} ${text}`;
}

function counts({ requests, tokens, retried, failures }) {
  const parts = [`${requests} req`.padStart(8), `${tokens.length} tok`.padStart(6), `${retried} retried`.padStart(11)];
  return [...parts, `${failures.length} failed`.padStart(8)].join(' ');
}

/** The run so far, a symbol for each slice of time. */
function strip(journal, { startedAt, seconds, now, room }) {
  const sliceMs = (seconds * 1000) / room;
  const slices = Array.from({ length: room }, (_, index) => startedAt + index * sliceMs);
  const symbols = slices.map((from) => (from > now ? ' ' : symbol(journal, { from, to: from + sliceMs })));
  return symbols.map((one) => paint(colours[one], one)).join('');
}

function symbol(journal, { from, to }) {
  const within = (at) => at >= from && at < to;
  if (journal.failures.some(({ at }) => within(at))) return '✗';
  if (journal.tokens.some((token) => within(token.from))) return '●';
  if (journal.resends.some(within)) return '↻';
  if (journal.bands.some((band) => band.from < to && band.to > from)) return '▒';
  if (journal.acquisitions.some((one) => one.from < to && one.to > from)) return '·';
  return journal.liveAt(to - 1) ? '━' : ' ';
}
